import { execFileSync, spawn, spawnSync } from "node:child_process";
import { chmodSync, copyFileSync, existsSync, mkdirSync, readdirSync, rmSync, statSync, writeFileSync } from "node:fs";
import { delimiter, dirname, join } from "node:path";
import { type CliResult, runProcess } from "../../test/support/run-cli.ts";
import { hostPlatform } from "../package-platforms.ts";
import { searchPath } from "./debian.ts";

/** A way to start the program. */
export interface Runner {
  /** What is tested, in words. */
  readonly what: string;
  /** The root of all that the program sees, where that is nothing else: no shell, no other program, no place to write. */
  readonly root?: string;
  run(argv: readonly string[], env: Readonly<Record<string, string>>): Promise<CliResult>;
}

/**
 * As users call it: `kubectl imagedoctor`, found on a PATH of its own. The packaged executable or, where there is none of
 * these sources, a fresh bundle.
 */
export function throughKubectl(directory: string): Runner {
  const bin = join(directory, "bin");
  mkdirSync(bin);
  const plugin = join(bin, "kubectl-imagedoctor");
  const packaged = isPackaged();
  if (packaged) {
    copyFileSync(executable(), plugin);
  } else {
    const built = spawnSync("npm", ["run", "--silent", "build"], { stdio: ["ignore", "ignore", "inherit"] });
    if (built.status !== 0) throw new Error("npm run build failed");
    const bundle = join(process.cwd(), "dist", "kubectl-imagedoctor.mjs");
    writeFileSync(plugin, `#!/bin/sh\nexec "${process.execPath}" "${bundle}" "$@"\n`);
  }
  chmodSync(plugin, 0o755);
  const PATH = `${bin}${delimiter}${searchPath}`;
  return {
    what: packaged ? `${executable()} through kubectl` : "the bundle in dist (npm run package makes an executable)",
    run: (argv, env) => runProcess(["imagedoctor", ...argv], { command: ["kubectl"], env: { PATH, ...env } }),
  };
}

/** What the shell does before the program starts: the root and the run's own files become read-only, in this namespace alone. */
const enter = `set -e
PATH=/usr/sbin:/usr/bin:/sbin:/bin
root=$1 files=$2
shift 2
mount --bind "$root" "$root"
mount --bind "$files" "$root$files"
mount -o remount,bind,ro "$root$files"
mount -o remount,bind,ro "$root"
unset PWD OLDPWD SHLVL _
exec chroot "$root" /kubectl-imagedoctor "$@"`;

/**
 * The packaged executable where there is nothing: a root with it, the system's libraries that it needs, and the run's own
 * files (`directory`), all read-only; the environment is what is given, without PATH and HOME. So there is no Node.js, no shell, no resolver's
 * configuration, no certificates of the system, no /proc and no /tmp. `root` is a new directory.
 */
export function inEmptyRoot(directory: string, root: string): Runner {
  if (!isPackaged()) {
    const made = spawnSync("npm", ["run", "--silent", "package", "--", "--executable-only"], {
      stdio: ["ignore", "ignore", "inherit"],
    });
    if (made.status !== 0) throw new Error("npm run package failed");
  }
  const program = join(root, "kubectl-imagedoctor");
  copyFileSync(executable(), program);
  chmodSync(program, 0o755);
  const shell = [...asRoot(), "--mount", "--propagation", "private", "/bin/sh", "-c", enter, "sh", root, directory];
  for (const library of libraries(executable())) {
    mkdirSync(dirname(join(root, library)), { recursive: true });
    copyFileSync(library, join(root, library));
    chmodSync(join(root, library), 0o755);
  }
  mkdirSync(join(root, directory), { recursive: true });
  const tried = spawnSync("/usr/bin/unshare", [...shell, "version"], { env: {}, encoding: "utf8" });
  if (tried.status === 0) {
    return {
      what: `${executable()} alone in a read-only root, without an environment`,
      root,
      run: (argv, env) => alone(["/usr/bin/unshare", ...shell, ...argv], "/", env),
    };
  }
  const why = (tried.stderr || String(tried.error)).trim();
  console.log(`NOT ISOLATED: this machine gives no mount namespace (${why}).`);
  console.log(
    "NOT ISOLATED: the executable runs without an environment, but beside everything that is on this machine.",
  );
  rmSync(join(root, directory), { recursive: true });
  const nowhere = join(root, "nowhere");
  mkdirSync(nowhere, { mode: 0o555 });
  return {
    what: `${executable()} without an environment, in a directory that cannot be written`,
    run: (argv, env) => alone([program, ...argv], nowhere, env),
  };
}

/** unshare makes a namespace for root; for others it makes them root of it. */
function asRoot(): string[] {
  return process.getuid?.() === 0 ? [] : ["--user", "--map-root-user"];
}

/** Runs a command with no environment but this, for a minute at most. */
function alone(command: readonly string[], cwd: string, env: Readonly<Record<string, string>>): Promise<CliResult> {
  const [program = "", ...argv] = command;
  return new Promise((resolve, reject) => {
    const child = spawn(program, argv, { cwd, env, stdio: ["ignore", "pipe", "pipe"], timeout: 60_000 });
    let stdout = "";
    let stderr = "";
    child.stdout.setEncoding("utf8").on("data", (text) => {
      stdout += String(text);
    });
    child.stderr.setEncoding("utf8").on("data", (text) => {
      stderr += String(text);
    });
    child.on("error", reject);
    child.on("close", (code) => resolve({ code: code ?? -1, stdout, stderr }));
  });
}

/** What the dynamic linker loads for it, by absolute path (ldd(1)). */
function libraries(file: string): string[] {
  const lines = execFileSync("/usr/bin/ldd", [file], { encoding: "utf8" }).split("\n");
  return lines.flatMap((line) => /(?:=> )?(\/\S+) \(0x[0-9a-f]+\)$/.exec(line)?.[1] ?? []);
}

function executable(): string {
  const { name, executable: file } = hostPlatform();
  return join("build", name, file);
}

function isPackaged(): boolean {
  const files = readdirSync("src", { recursive: true, encoding: "utf8" });
  const newest = Math.max(...files.map((file) => statSync(join("src", file)).mtimeMs));
  return existsSync(executable()) && statSync(executable()).mtimeMs > newest;
}
