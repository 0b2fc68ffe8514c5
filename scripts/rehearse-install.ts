import { execFileSync, spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join, relative } from "node:path";
import { packageVersion } from "./build.ts";
import { archiveName } from "./krew-manifest.ts";
import { entriesOf } from "./package-archive.ts";
import { hostPlatform } from "./package-platforms.ts";

/**
 * Installs this platform's archive as krew does (checksum, unpacking, one relative link named kubectl-imagedoctor:
 * kubernetes-sigs/krew internal/installation/install.go) into a directory of its own, and runs it through the real kubectl
 * with nothing in the environment but PATH. Ends with `N passed, N failed`.
 *
 *   npm run package && npm run rehearse
 */
const version = packageVersion();
const platform = hostPlatform();
const archive = join("build", archiveName(version, platform.name));
const kubectl = "kubectl";

if (!existsSync(archive)) fail(`${archive} is missing: run npm run package first`);
if (spawnSync(kubectl, ["version", "--client"], { stdio: "ignore" }).status !== 0) {
  fail("kubectl is missing: see https://kubernetes.io/docs/tasks/tools/");
}

const root = mkdtempSync(join(tmpdir(), "krew-"));
const bin = join(root, "bin");
let passed = 0;
let failed = 0;
try {
  install();
  // Windows starts no program without its own directory's name.
  const { PATH, SystemRoot } = process.env;
  const env = { PATH: `${bin}${delimiter}${PATH}`, ...(SystemRoot === undefined ? {} : { SystemRoot }) };
  const run = (...args: string[]) => execFileSync(kubectl, args, { encoding: "utf8", env, cwd: root, stdio: "pipe" });
  check("kubectl knows the plugin", run("plugin", "list").includes(join(bin, "kubectl-imagedoctor")));
  check("it says its version", run("imagedoctor", "version").trim() === `kubectl-imagedoctor ${version}`);
  check("usage names it as it was called", run("imagedoctor", "--help").includes("kubectl imagedoctor"));
  check("it explains a cause", run("imagedoctor", "explain", "rate-limited").includes("rate-limited"));
  // Windows runs no shell script, and so has no completion of plugins.
  if (process.platform !== "win32") checkCompletion(run);
} finally {
  rmSync(root, { recursive: true, force: true });
}
console.log(`${passed} passed, ${failed} failed`);
process.exitCode = failed === 0 ? 0 : 1;

function checkCompletion(run: (...args: string[]) => string): void {
  const shim = join(bin, "kubectl_complete-imagedoctor");
  writeFileSync(shim, run("imagedoctor", "completion"));
  chmodSync(shim, 0o755);
  check("kubectl completes it", run("__complete", "imagedoctor", "-o", "j") === "json\njunit\n:4\n");
}

function install(): void {
  const packed = readFileSync(archive);
  const sum = createHash("sha256").update(packed).digest("hex");
  check(
    "the checksum is the one that was published",
    checksums().includes(`${sum}  ${archiveName(version, platform.name)}`),
  );
  const store = join(root, "store", "imagedoctor", `v${version}`);
  mkdirSync(store, { recursive: true });
  mkdirSync(bin);
  const entries = entriesOf(packed);
  for (const { path, data, mode } of entries) writeFileSync(join(store, path), data, { mode });
  const names = entries.map(({ path }) => path).sort();
  check("the archive is LICENSE and the executable", names.join(" ") === ["LICENSE", platform.executable].join(" "));
  const link = process.platform === "win32" ? "kubectl-imagedoctor.exe" : "kubectl-imagedoctor";
  symlinkSync(relative(bin, join(store, platform.executable)), join(bin, link));
}

function checksums(): string[] {
  return readFileSync(join("build", "checksums.txt"), "utf8").split("\n");
}

function check(what: string, holds: boolean): void {
  if (holds) passed += 1;
  else failed += 1;
  console.log(`${holds ? "ok    " : "FAILED"} ${what}`);
}

function fail(why: string): never {
  console.error(why);
  process.exit(2);
}
