import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type ApiServer, startApiServer } from "../test/support/api-server.ts";
import type { CliResult } from "../test/support/run-cli.ts";
import { writeKubeconfig } from "../test/support/story-kubeconfig.ts";
import { sketchPod, sketchSurroundings } from "../test/support/story-pods.ts";
import { type Case, cases } from "./e2e/cases.ts";
import { installMissing } from "./e2e/debian.ts";
import { tryLogins } from "./e2e/logins.ts";
import { inEmptyRoot, type Runner, throughKubectl } from "./e2e/runner.ts";
import { secrets, wrongPassword } from "./e2e/secrets.ts";
import { type Servers, serverNames, startServers, users } from "./e2e/servers.ts";

/**
 * Runs the built program through `kubectl imagedoctor` against real servers: docker-registry, nginx, squid, all on loopback.
 * Names of registries resolve by `--resolve` alone. Ends with `N passed, N failed`; `--keep` keeps the directory, a word filters
 * the cases. With `--empty` the packaged executable runs by itself instead, in a read-only root where nothing else is.
 */
async function endToEnd(argv: readonly string[]): Promise<number> {
  const impossible = installMissing();
  if (impossible !== undefined) {
    console.error(`The end-to-end run needs real servers, and they cannot be installed here: ${impossible}`);
    return 2;
  }
  const directory = mkdtempSync(join(tmpdir(), "imagedoctor-e2e-"));
  const root = mkdtempSync(join(tmpdir(), "imagedoctor-root-"));
  let servers: Servers | undefined;
  let api: ApiServer | undefined;
  const interrupted = new AbortController();
  process.once("SIGINT", () => interrupted.abort());
  process.once("SIGTERM", () => interrupted.abort());
  let passed = 0;
  let failed = 0;
  const tell = (name: string, problem: string | undefined) => {
    console.log(`${problem === undefined ? "ok    " : "FAILED"} ${name}`);
    if (problem !== undefined) console.log(problem.replace(/^/gm, "       "));
    if (problem === undefined) passed += 1;
    else failed += 1;
  };
  try {
    const runner = argv.includes("--empty") ? inEmptyRoot(directory, root) : throughKubectl(directory);
    console.log(`Testing ${runner.what}`);
    servers = await startServers(directory);
    const wanted = (name: string) => argv.every((word) => word.startsWith("-") || name.includes(word));
    const every = cases(servers);
    const all = every.filter(({ name }) => wanted(name));
    api = await startApiServer({
      objects: [...sketchSurroundings(), ...secrets(servers), ...every.flatMap((each) => sketchPod(each))],
    });
    const kubeconfig = join(directory, "kubeconfig");
    writeKubeconfig(kubeconfig, api, { context: "e2e", namespace: "demo" });
    for (const each of all) {
      if (interrupted.signal.aborted) break;
      tell(each.name, await runCase(each, { servers, kubeconfig, runner }));
    }
    if (wanted("login") && !interrupted.signal.aborted) {
      for (const [name, problem] of await tryLogins(runner, join(directory, "logins"))) tell(name, problem);
      if (runner.root !== undefined) tell("login: inside a pod", await tryInCluster(runner, runner.root, api));
    }
    if (runner.root !== undefined) tell("nothing can be written there", await tryWriting(runner));
    if (api.unexpected.length > 0) {
      tell("nothing unexpected is asked", `The API server was asked: ${api.unexpected.join(", ")}`);
    }
    if (interrupted.signal.aborted) console.log("interrupted");
    console.log(`${passed} passed, ${failed} failed`);
    return failed === 0 && passed > 0 && !interrupted.signal.aborted ? 0 : 1;
  } finally {
    await servers?.stop();
    // What it has to say about unexpected requests was said above.
    await api?.close().catch(() => {});
    if (argv.includes("--keep")) console.log(`kept ${directory} and ${root}`);
    else for (const each of [directory, root]) rmSync(each, { recursive: true, force: true });
  }
}

interface Surroundings {
  readonly servers: Servers;
  readonly kubeconfig: string;
  readonly runner: Runner;
}

/** Undefined if the program said what it must; otherwise what is wrong, with what it said. */
async function runCase(each: Case, { servers, kubeconfig, runner }: Surroundings): Promise<string | undefined> {
  const resolve = serverNames.flatMap((name) => ["--resolve", `${name}.e2e.test:127.0.0.1`]);
  const flags = ["--timeout", "5s", "--registry-ca", servers.authorityFile, ...resolve, ...(each.flags ?? [])];
  const run = (format: string) =>
    runner.run([each.name, "-o", format, ...flags], { KUBECONFIG: kubeconfig, ...each.env });
  const json = await run("json");
  const text = await run("text");
  const problems = [...judge(each, json), ...leaks(json), ...leaks(text)];
  if (text.code !== json.code) problems.push(`text ended with ${text.code}, json with ${json.code}`);
  return problems.length === 0 ? undefined : `${problems.join("\n")}\n${text.stdout}${text.stderr}`;
}

/** The service account where the kubelet puts it in every pod. */
async function tryInCluster(runner: Runner, root: string, api: ApiServer): Promise<string | undefined> {
  const mounted = join(root, "var/run/secrets/kubernetes.io/serviceaccount");
  mkdirSync(mounted, { recursive: true });
  const files = { token: api.token, "ca.crt": api.authority, namespace: "demo" };
  for (const [name, text] of Object.entries(files)) writeFileSync(join(mounted, name), text);
  const env = { KUBERNETES_SERVICE_HOST: "127.0.0.1", KUBERNETES_SERVICE_PORT: String(api.port) };
  const { code, stdout, stderr } = await runner.run(["ok-basic", "--no-probe"], env);
  return code === 0 ? undefined : `exit code ${code}\n${stdout}${stderr}`;
}

/** The proof that the root is what it is said to be. */
async function tryWriting(runner: Runner): Promise<string | undefined> {
  const { code, stderr } = await runner.run(["explain", "rate-limited"], {});
  if (code !== 0) return `explain ended with ${code}\n${stderr}`;
  const written = await runner.run(["--image", "r.e2e.test/a:b", "--no-probe", "--output-file", "/report"], {});
  return written.stderr.includes("read-only") ? undefined : `exit code ${written.code}\n${written.stderr}`;
}

function judge(each: Case, result: CliResult): string[] {
  const problems: string[] = [];
  const wantedExit = each.codes.length === 0 ? 0 : 1;
  // kubectl passes a plugin's exit code on.
  if (result.code !== wantedExit) problems.push(`exit code ${result.code}, wanted ${wantedExit}`);
  let report: { diagnoses?: readonly { code?: string; certainty?: string }[] };
  try {
    report = JSON.parse(result.stdout);
  } catch {
    return [...problems, `no JSON on stdout: ${result.stdout.slice(0, 200)}${result.stderr.slice(0, 500)}`];
  }
  const first = report.diagnoses?.[0];
  const certainty = each.codes.length === 0 ? undefined : (each.certainty ?? "certain");
  const codeRight = each.codes.length === 0 ? first === undefined : each.codes.includes(first?.code ?? "");
  if (!codeRight || first?.certainty !== certainty) {
    const wanted = `${each.codes.join(" or ") || "nothing failing"} ${certainty ?? ""}`;
    problems.push(`said ${first?.code ?? "nothing"} ${first?.certainty ?? ""}, wanted ${wanted}`);
  }
  return problems;
}

/** Passwords that appear in what was printed, plain or as base64. */
function leaks({ stdout, stderr }: CliResult): string[] {
  const forms = Object.entries(users).flatMap(([user, password]) => [
    password,
    Buffer.from(`${user}:${password}`).toString("base64"),
  ]);
  return [...forms, wrongPassword]
    .filter((form) => `${stdout}${stderr}`.includes(form))
    .map((form) => `leaked ${form}`);
}

process.exitCode = await endToEnd(process.argv.slice(2));
