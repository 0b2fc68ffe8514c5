import { spawnSync } from "node:child_process";
import {
  chmodSync,
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { type ApiServer, startApiServer } from "../test/support/api-server.ts";
import { type CliResult, runProcess } from "../test/support/run-cli.ts";
import { writeKubeconfig } from "../test/support/story-kubeconfig.ts";
import { sketchPod, sketchSurroundings } from "../test/support/story-pods.ts";
import { type Case, cases } from "./e2e/cases.ts";
import { installMissing, searchPath } from "./e2e/debian.ts";
import { secrets, wrongPassword } from "./e2e/secrets.ts";
import { type Servers, serverNames, startServers, users } from "./e2e/servers.ts";

/**
 * Runs the built program through `kubectl imagedoctor` against real servers: docker-registry, nginx, squid, all on loopback.
 * Names of registries resolve by `--resolve` alone. Ends with `N passed, N failed`; `--keep` keeps the directory, a word filters the cases.
 */
async function endToEnd(argv: readonly string[]): Promise<number> {
  const impossible = installMissing();
  if (impossible !== undefined) {
    console.error(`The end-to-end run needs real servers, and they cannot be installed here: ${impossible}`);
    return 2;
  }
  const directory = mkdtempSync(join(tmpdir(), "imagedoctor-e2e-"));
  let servers: Servers | undefined;
  let api: ApiServer | undefined;
  const interrupted = new AbortController();
  process.once("SIGINT", () => interrupted.abort());
  process.once("SIGTERM", () => interrupted.abort());
  try {
    const path = installProgram(directory);
    servers = await startServers(directory);
    const all = cases(servers).filter((each) => argv.every((word) => word.startsWith("-") || each.name.includes(word)));
    api = await startApiServer({
      objects: [...sketchSurroundings(), ...secrets(servers), ...all.flatMap((each) => sketchPod(each))],
    });
    const kubeconfig = join(directory, "kubeconfig");
    writeKubeconfig(kubeconfig, api, { context: "e2e", namespace: "demo" });
    let passed = 0;
    let failed = 0;
    for (const each of all) {
      if (interrupted.signal.aborted) break;
      const problem = await runCase(each, { servers, kubeconfig, path });
      console.log(
        `${problem === undefined ? "ok    " : "FAILED"} ${each.name}${problem === undefined ? "" : `\n${problem}`}`,
      );
      if (problem === undefined) passed += 1;
      else failed += 1;
    }
    if (api.unexpected.length > 0) {
      console.log(`FAILED the API server was asked what nobody expected: ${api.unexpected.join(", ")}`);
      failed += 1;
    }
    if (interrupted.signal.aborted) console.log(`interrupted after ${passed + failed} of ${all.length} cases`);
    console.log(`${passed} passed, ${failed} failed`);
    return failed === 0 && passed === all.length && passed > 0 ? 0 : 1;
  } finally {
    await servers?.stop();
    // What it has to say about unexpected requests was said above.
    await api?.close().catch(() => {});
    if (argv.includes("--keep")) console.log(`kept ${directory}`);
    else rmSync(directory, { recursive: true, force: true });
  }
}

/** Puts the packaged executable on a PATH of its own, as kubectl finds plugins; where there is none of these sources, a fresh bundle. */
function installProgram(directory: string): string {
  const bin = join(directory, "bin");
  mkdirSync(bin);
  const plugin = join(bin, "kubectl-imagedoctor");
  const architecture = process.arch === "x64" ? "amd64" : process.arch;
  const executable = join("build", `${process.platform}-${architecture}`, "kubectl-imagedoctor");
  const packaged = existsSync(executable) && statSync(executable).mtimeMs > newestSource();
  if (packaged) {
    copyFileSync(executable, plugin);
  } else {
    const built = spawnSync("npm", ["run", "--silent", "build"], { stdio: ["ignore", "ignore", "inherit"] });
    if (built.status !== 0) throw new Error("npm run build failed");
    const bundle = join(process.cwd(), "dist", "kubectl-imagedoctor.mjs");
    writeFileSync(plugin, `#!/bin/sh\nexec "${process.execPath}" "${bundle}" "$@"\n`);
  }
  chmodSync(plugin, 0o755);
  console.log(packaged ? `Testing ${executable}` : "Testing the bundle in dist (npm run package makes an executable)");
  return `${bin}${delimiter}${searchPath}`;
}

function newestSource(): number {
  const files = readdirSync("src", { recursive: true, encoding: "utf8" });
  return Math.max(...files.map((file) => statSync(join("src", file)).mtimeMs));
}

interface Surroundings {
  readonly servers: Servers;
  readonly kubeconfig: string;
  readonly path: string;
}

/** Undefined if the program said what it must; otherwise what is wrong, with what it said. */
async function runCase(each: Case, { servers, kubeconfig, path }: Surroundings): Promise<string | undefined> {
  const resolve = serverNames.flatMap((name) => ["--resolve", `${name}.e2e.test:127.0.0.1`]);
  const flags = ["--timeout", "5s", "--registry-ca", servers.authorityFile, ...resolve, ...(each.flags ?? [])];
  const env = { KUBECONFIG: kubeconfig, PATH: path, ...each.env };
  const run = (format: string) =>
    runProcess(["imagedoctor", each.name, "-o", format, ...flags], { command: ["kubectl"], env });
  const json = await run("json");
  const text = await run("text");
  const problems = [...judge(each, json), ...leaks(json), ...leaks(text)];
  if (text.code !== json.code) problems.push(`text ended with ${text.code}, json with ${json.code}`);
  return problems.length === 0
    ? undefined
    : `${problems.join("\n")}\n${text.stdout}${text.stderr}`.replace(/^/gm, "       ");
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
