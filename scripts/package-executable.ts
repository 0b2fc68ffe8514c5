import { execFileSync } from "node:child_process";
import { chmodSync, mkdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { packageVersion } from "./build.ts";
import { buildingNode, nodeFor } from "./package-node.ts";
import { hostPlatform, type Platform } from "./package-platforms.ts";
import { withoutSymbols } from "./package-strip.ts";

/**
 * Makes the single executable for a platform out of the bundle `main`, and gives its path. V8's code cache only
 * fits the machine that made it, so an executable for another platform starts without one.
 */
export function makeExecutable(main: string, platform: Platform, directory = join("build", platform.name)): string {
  rmSync(directory, { recursive: true, force: true });
  mkdirSync(directory, { recursive: true });
  const executable = join(directory, platform.executable);
  const node = join(directory, "node");
  const configuration = join(directory, "sea.json");
  const forThisHost = platform === hostPlatform();

  writeFileSync(node, withoutSymbols(nodeFor(platform)), { mode: 0o755 });
  writeFileSync(
    configuration,
    JSON.stringify({
      main,
      output: executable,
      executable: node,
      disableExperimentalSEAWarning: true,
      useCodeCache: forThisHost,
      // Memory holds passwords: no signal opens it to a debugger, and nothing in NODE_OPTIONS writes it to a file.
      execArgv: ["--no-warnings", "--disable-sigusr1"],
      execArgvExtension: "none",
    }),
  );
  // Without a seed the code cache holds other hashes each time. (A fixed hash seed would make V8 refuse the cache.)
  execFileSync(buildingNode(), ["--random-seed=1", "--build-sea", configuration], {
    stdio: ["ignore", "ignore", "inherit"],
  });
  rmSync(configuration);
  rmSync(node);
  chmodSync(executable, 0o755);
  if (process.platform === "darwin" && platform.system.startsWith("darwin")) sign(executable);
  if (forThisHost) check(executable);
  return executable;
}

/** macOS kills what is not signed after its last change; an ad hoc signature is enough for what krew unpacks. */
function sign(executable: string): void {
  execFileSync("codesign", ["--force", "--sign", "-", executable], { stdio: "inherit" });
  execFileSync("codesign", ["--verify", "--strict", executable], { stdio: "inherit" });
}

/** It runs where there is nothing: no PATH, no HOME. (Windows cannot start a program without its own directory's name.) */
function check(executable: string): void {
  const { SystemRoot } = process.env;
  const said = execFileSync(executable, ["version"], { encoding: "utf8", env: SystemRoot ? { SystemRoot } : {} });
  if (!said.includes(packageVersion())) throw new Error(`the executable says ${said}`);
}
