import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, symlinkSync, writeFileSync } from "node:fs";
import { join, relative, resolve } from "node:path";
import { startApiServer } from "../test/support/api-server.ts";
import { startTown } from "../test/support/registry-town.ts";
import { type CliResult, runProcess } from "../test/support/run-cli.ts";
import { writeKubeconfig } from "../test/support/story-kubeconfig.ts";
import { packageVersion } from "./build.ts";
import { demoObjects, pods, registries } from "./demo/pods.ts";
import { archiveName } from "./krew-manifest.ts";
import { entriesOf } from "./package-archive.ts";
import { namedPlatform } from "./package-platforms.ts";
import { openWine, type Wine } from "./windows/wine.ts";

/**
 * Runs the Windows archive under Wine, unpacked as krew does on Windows, against the demo's cluster and registries, and compares
 * what it says with what the npm package's file says here: the same bytes, but for times. Ends with
 * `N passed, N failed`. Without a Wine that runs Node.js it says so, and nothing is tried.
 *
 *   npm run package -- --platform windows-amd64 && npm run rehearse-windows
 */
const version = packageVersion();
const platform = namedPlatform("windows-amd64");
/** Made of the same sources by `npm run package`. */
const bundle = resolve("dist", "kubectl-imagedoctor.mjs");
const archive = join("build", archiveName(version, platform.name));
let passed = 0;
let failed = 0;

async function rehearse(): Promise<number> {
  if (!existsSync(archive) || statSync(archive).mtimeMs < newestSource()) {
    console.error(`${archive} is missing or older than the sources: npm run package -- --platform ${platform.name}`);
    return 2;
  }
  const wine = await openWine();
  if (typeof wine === "string") {
    console.log(`SKIPPED: the Windows executable was not run, for ${wine}.`);
    return 0;
  }
  try {
    await tryAll(wine, install(wine));
  } finally {
    await wine.close();
  }
  console.log(`${passed} passed, ${failed} failed`);
  return failed === 0 ? 0 : 1;
}

/** As krew: checksum, unpacking, and one relative link in a directory on the PATH (kubernetes-sigs/krew internal/installation/install.go). */
function install({ drive }: Wine): string {
  const packed = readFileSync(archive);
  const sum = createHash("sha256").update(packed).digest("hex");
  const sums = readFileSync(join("build", "checksums.txt"), "utf8").split("\n");
  tell("the checksum is the one that was published", sums.includes(`${sum}  ${archiveName(version, platform.name)}`));
  const bin = join(drive, "krew", "bin");
  const store = join(drive, "krew", "store", "imagedoctor", `v${version}`);
  for (const directory of [bin, store]) mkdirSync(directory, { recursive: true });
  for (const { path, data, mode } of entriesOf(packed)) writeFileSync(join(store, path), data, { mode });
  const link = join(bin, "kubectl-imagedoctor.exe");
  symlinkSync(relative(bin, join(store, platform.executable)), link);
  return link;
}

async function tryAll(wine: Wine, program: string): Promise<void> {
  await using api = await startApiServer({ objects: demoObjects() });
  await using town = await startTown(registries);
  const files = join(wine.drive, "demo");
  mkdirSync(join(files, "plans"), { recursive: true });
  writeKubeconfig(join(files, "config"), api, { context: "demo", namespace: "demo" });
  writeFileSync(join(files, "ca.pem"), readFileSync(town.authorityFile, "utf8").replaceAll("\n", "\r\n"));
  const plan = JSON.stringify(
    { kind: "Pod", metadata: { name: "a" }, spec: { containers: [{ image: "b:c/d" }] } },
    null,
    1,
  );
  writeFileSync(join(files, "plans", "lines.json"), plan.replaceAll("\n", "\r\n"));
  writeFileSync(join(files, "plans", "wide.json"), Buffer.from(`\ufeff${plan}`, "utf16le"));

  const addresses = [...town.names].flatMap(([host, address]) => ["--resolve", `${host}:${address}`]);
  const asked = ["--kubeconfig", "config", "--registry-ca", "ca.pem", "--color", "always", ...addresses];
  const compare = async (what: string, ...words: readonly string[]) => {
    const said = plain(await wine.run(program, words, files));
    const expected = plain(await runProcess(words, { command: [process.execPath, bundle], cwd: files }));
    tell(`${what}: the same as here`, said === expected, firstDifference(said, expected));
  };

  for (const words of [
    ["version"],
    ["--help"],
    ["explain"],
    ["explain", "rate-limited"],
    ["explain", "no-such-cause"],
  ]) {
    await compare(words.join(" "), ...words);
  }
  for (const words of [["rbac"], ["completion", "bash"], ["__complete", "-o", "j"], ["--no-such-flag"]]) {
    await compare(words.join(" "), ...words);
  }
  const platformOf = (await wine.run(program, ["version", "-o", "json"])).stdout;
  tell("it says that it runs on Windows", platformOf.includes('"platform": "win32-x64"'), platformOf);
  for (const { name } of pods) {
    await compare(`pod ${name}`, name, ...asked);
    await compare(`pod ${name} as JSON`, name, "-o", "json", ...asked);
  }
  await compare("files with Windows' line ends and of PowerShell", "-f", "plans", ...asked);
  await compare("a file that is not there", "-f", "nowhere", ...asked);

  const list = await wine.batch(
    'set KUBECONFIG=C:\\nowhere;"C:\\demo\\config"',
    `C:\\krew\\bin\\kubectl-imagedoctor.exe tag-typo --no-probe -o json`,
  );
  tell("KUBECONFIG is a list", list.code === 1 && list.stdout.includes('"manifest-not-found"'), list);
  await tryHome(wine, api);
  await tryLogin(wine, api);
}

async function tryHome(wine: Wine, api: Parameters<typeof writeKubeconfig>[1]): Promise<void> {
  mkdirSync(join(wine.drive, "profile", ".kube"), { recursive: true });
  writeKubeconfig(join(wine.drive, "profile", ".kube", "config"), api, { context: "demo", namespace: "demo" });
  const said = await wine.batch(
    ...["set HOME=", "set HOMEPATH=", "set USERPROFILE=C:\\profile"],
    "C:\\krew\\bin\\kubectl-imagedoctor.exe tag-typo --no-probe -o json",
  );
  tell("the kubeconfig is found in the user's profile", said.code === 1 && said.stdout.includes('"demo"'), said);
}

/** A login plugin that is a batch file on the PATH, beside a script for Unix of the same name. */
async function tryLogin(wine: Wine, api: { url: string; authority: string; token: string }): Promise<void> {
  const apiVersion = "client.authentication.k8s.io/v1";
  const login = join(wine.drive, "login");
  mkdirSync(login);
  writeFileSync(join(login, "demo-login"), "#!/bin/sh\nexit 1\n");
  writeFileSync(join(login, "demo-login.cmd"), '@if not "%~1"=="a & b" exit 7\r\n@type "%~dp0credential.json"\r\n');
  const credential = { kind: "ExecCredential", apiVersion, status: { token: api.token } };
  writeFileSync(join(login, "credential.json"), JSON.stringify(credential));
  const exec = { apiVersion, command: "demo-login", args: ["a & b"], interactiveMode: "Never" };
  const config = {
    "current-context": "demo",
    contexts: [{ name: "demo", context: { cluster: "demo", user: "demo", namespace: "demo" } }],
    clusters: [{ name: "demo", cluster: { server: api.url, "certificate-authority": "trust\\ca.pem" } }],
    users: [{ name: "demo", user: { exec } }],
  };
  writeFileSync(join(login, "config"), JSON.stringify(config));
  mkdirSync(join(login, "trust"));
  writeFileSync(join(login, "trust", "ca.pem"), api.authority);
  const said = await wine.batch(
    "set PATH=C:\\login;%PATH%",
    "C:\\krew\\bin\\kubectl-imagedoctor.exe tag-typo --no-probe --kubeconfig C:\\login\\config",
  );
  tell("a batch file logs in", said.code === 1 && said.stderr === "", said);
}

/** All that a run said, without what is another each time. */
function plain({ code, stdout, stderr }: CliResult): string {
  return `${code}\n${stdout}\n${stderr}`
    .replace(/\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z/g, "TIME")
    .replace(/\b\d+ ?m?s\b/g, "SPAN");
}

function firstDifference(said: string, expected: string): string {
  const [lines, wanted] = [said.split("\n"), expected.split("\n")];
  const at = wanted.findIndex((line, index) => line !== lines[index]);
  return `there  ${lines[at]}\nhere   ${wanted[at]}`;
}

function newestSource(): number {
  const files = readdirSync("src", { recursive: true, encoding: "utf8" });
  return Math.max(...files.map((file) => statSync(join("src", file)).mtimeMs));
}

function tell(what: string, holds: boolean, said?: unknown): void {
  if (holds) passed += 1;
  else failed += 1;
  console.log(`${holds ? "ok    " : "FAILED"} ${what}`);
  if (!holds && said !== undefined) console.log(said);
}

process.exitCode = await rehearse();
