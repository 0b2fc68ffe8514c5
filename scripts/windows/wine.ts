import { execFileSync, spawn, spawnSync } from "node:child_process";
import { closeSync, existsSync, mkdirSync, mkdtempSync, openSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import type { CliResult } from "../../test/support/run-cli.ts";
import { nodeFor } from "../package-node.ts";
import { namedPlatform } from "../package-platforms.ts";

/** A Windows of its own, in a directory that goes away with `close`. */
export interface Wine {
  /** Its drive C, as a directory of this machine. */
  readonly drive: string;
  /** Runs a Windows program, by its path on this machine, in a directory of this machine, with stdin closed. */
  run(program: string, args: readonly string[], cwd?: string): Promise<CliResult>;
  /** Runs lines of a batch file, in the directory `C:\`. */
  batch(...lines: readonly string[]): Promise<CliResult>;
  close(): Promise<void>;
}

/** Starts Wine, or says why there is none that runs Node.js: releases before 9 lack what V8 asks of Windows. */
export async function openWine(): Promise<Wine | string> {
  if (spawnSync("wine", ["--version"], { stdio: "ignore" }).error !== undefined) return "wine is not on the PATH";
  const prefix = mkdtempSync(join(tmpdir(), "imagedoctor-wine-"));
  // Without a directory for its display it complains on stderr.
  const env = { PATH: process.env["PATH"], WINEPREFIX: prefix, WINEDEBUG: "-all", XDG_RUNTIME_DIR: prefix };
  const close = async () => {
    spawnSync("wine", ["wineboot", "--kill"], { env, stdio: "ignore" });
    // Its server writes the registry once more when it ends.
    for (let tries = 0; tries < 10 && existsSync(prefix); tries += 1) {
      rmSync(prefix, { recursive: true, force: true, maxRetries: 5 });
      await pause(500);
    }
  };
  const drive = join(prefix, "drive_c");
  spawnSync("wine", ["wineboot", "--init"], { env, stdio: "ignore", timeout: 180_000 });
  mkdirSync(drive, { recursive: true });
  const node = join(drive, "node.exe");
  writeFileSync(node, nodeFor(namedPlatform("windows-amd64")));
  if (spawnSync("wine", [node, "-e", "0"], { env, stdio: "ignore", timeout: 60_000 }).status !== 0) {
    const version = execFileSync("wine", ["--version"], { encoding: "utf8" }).trim();
    await close();
    return `${version} does not run Node.js (wine-10.0 does)`;
  }
  let runs = 0;
  const run: Wine["run"] = (program, args, cwd = drive) =>
    new Promise((resolve, reject) => {
      runs += 1;
      // libuv takes no pipe of Unix for one of Windows.
      const files = ["out", "err"].map((name) => join(prefix, `${runs}.${name}`));
      const streams = files.map((file) => openSync(file, "w"));
      const child = spawn("wine", [program, ...args], {
        env,
        cwd,
        stdio: ["ignore", ...streams],
        timeout: 60_000,
      });
      for (const stream of streams) closeSync(stream);
      child.on("error", reject);
      child.on("close", (code) => {
        const [stdout = "", stderr = ""] = files.map((file) => readFileSync(file, "utf8"));
        resolve({ code: code ?? -1, stdout, stderr });
      });
    });
  const batch: Wine["batch"] = async (...lines) => {
    writeFileSync(join(drive, "run.cmd"), ["@echo off", ...lines, ""].join("\r\n"));
    return run("cmd", ["/c", "C:\\run.cmd"]);
  };
  return { drive, run, batch, close };
}
