import { execFileSync } from "node:child_process";
import { chmodSync, copyFileSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { basename, join } from "node:path";
import { type Bundles, packageVersion } from "./build.ts";
import { loadedLater, withoutUnusedCode } from "./package-code-cache.ts";
import { buildingNode, nodeFor } from "./package-node.ts";
import { hostPlatform, type Platform } from "./package-platforms.ts";
import { withoutSymbols } from "./package-strip.ts";
import { withoutSignature } from "./package-unsign.ts";

/**
 * A diagnosis is over before V8's optimising compilers pay for themselves: expressions and the HTTP parser's WebAssembly stay
 * with what compiles fast, expressions that are used often excepted, and of the parser only what is used is looked at. And it
 * allocates 5 MB, of which nothing need be collected, nor by tasks that run when there is time: how far those come depends on
 * the machine's load, and a snapshot shows it.
 */
const quickly = [
  ...[
    "--liftoff-only",
    "--wasm-lazy-validation",
    "--no-sparkplug",
    "--no-regexp-peephole-optimization",
    "--regexp-tier-up-ticks=50",
  ],
  ...["--min-semi-space-size=8", "--no-minor-gc-task", "--no-incremental-marking"],
];

/**
 * Makes the same snapshot each time: without a seed it holds other hashes, and where several threads collect garbage, what they
 * happen to replace by what it stands for (V8's ThinString). V8 takes its own compiled code, of which it stores much beside a
 * snapshot, only under the flags that it was compiled with; these two do not count as such.
 */
const repeatably = ["--random-seed=1", "--single-threaded-gc"];

/** Flags of the Node.js that makes a snapshot, and of the one that starts from it. */
export const snapshotFlags = { making: [...repeatably, ...quickly], starting: quickly } as const;

/** How an executable starts: from a snapshot of the loaded program, by loading it with V8's code cache, or by loading it. */
type Start = "snapshot" | "cache" | "load";

/**
 * Makes the single executable for a platform, and gives its path. On a platform's own machine it starts from a snapshot of the
 * loaded program; only the same Node.js on the same system can make one, so elsewhere the program is loaded at each start.
 * What was made for this machine has answered to `version`.
 */
export function makeExecutable(mains: Mains, platform: Platform, directory = join("build", platform.name)): string {
  if (platform !== hostPlatform()) return assembleExecutable(mains, platform, directory, "load");
  try {
    return checked(assembleExecutable(mains, platform, directory, "snapshot"));
  } catch (error) {
    // Snapshots are an everyday thing on Linux alone so far; elsewhere a slower start is better than no release.
    if (process.platform === "linux") throw error;
    console.error(`No snapshot could be made for ${platform.name}: the program is loaded at each start.`, error);
    return checked(assembleExecutable(mains, platform, directory, "cache"));
  }
}

type Mains = Pick<Bundles, "executable" | "snapshot"> & Partial<Pick<Bundles, "assets">>;

/** Makes an executable of any program; see `makeExecutable`. */
export function assembleExecutable(mains: Mains, platform: Platform, directory: string, start: Start): string {
  rmSync(directory, { recursive: true, force: true });
  mkdirSync(directory, { recursive: true });
  const executable = join(directory, platform.executable);
  const node = join(directory, "node");
  const main = join(directory, "main.cjs");
  const configuration = join(directory, "sea.json");
  const flags = start === "snapshot" ? snapshotFlags : { making: [], starting: [] };
  const assets = start === "snapshot" ? Object.entries(mains.assets ?? {}) : [];

  writeFileSync(node, withoutSignature(withoutSymbols(nodeFor(platform))), { mode: 0o755 });
  copyFileSync(start === "snapshot" ? mains.snapshot : mains.executable, main);
  for (const [name, file] of assets) copyFileSync(file, join(directory, name));
  // The snapshot keeps the name of the script it was made from: the same bytes come from the same directory.
  writeFileSync(
    configuration,
    JSON.stringify({
      main: basename(main),
      output: platform.executable,
      executable: basename(node),
      disableExperimentalSEAWarning: true,
      useSnapshot: start === "snapshot",
      useCodeCache: start === "cache",
      assets: Object.fromEntries(assets.map(([name]) => [name, name])),
      // Memory holds passwords: no signal opens it to a debugger, and nothing in NODE_OPTIONS writes it to a file.
      execArgv: ["--no-warnings", "--disable-sigusr1", ...flags.starting],
      execArgvExtension: "none",
    }),
  );
  execFileSync(buildingNode(), ["--no-warnings", ...flags.making, "--build-sea", basename(configuration)], {
    cwd: directory,
    stdio: ["ignore", "ignore", "inherit"],
  });
  for (const file of [configuration, main, node, ...assets.map(([name]) => join(directory, name))]) rmSync(file);
  if (start === "snapshot") writeFileSync(executable, withoutUnusedCode(readFileSync(executable), loadedLater()));
  chmodSync(executable, 0o755);
  if (process.platform === "darwin" && platform.system.startsWith("darwin")) sign(executable);
  return executable;
}

/** macOS kills what is not signed after its last change; an ad hoc signature is enough for what krew unpacks. */
function sign(executable: string): void {
  execFileSync("codesign", ["--force", "--sign", "-", executable], { stdio: "inherit" });
  execFileSync("codesign", ["--verify", "--strict", executable], { stdio: "inherit" });
}

/** It runs where there is nothing: no PATH, no HOME. (Windows cannot start a program without its own directory's name.) */
function checked(executable: string): string {
  const { SystemRoot } = process.env;
  const said = execFileSync(executable, ["version"], { encoding: "utf8", env: SystemRoot ? { SystemRoot } : {} });
  if (!said.includes(packageVersion())) throw new Error(`the executable says ${said}`);
  return executable;
}
