import { spawn } from "node:child_process";
import { join } from "node:path";
import type { World } from "../../src/cli/world.ts";

export interface CliResult {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

export interface CliOptions {
  /** The whole environment; empty where it is left out, so that nothing of the developer's machine shines in. */
  readonly env?: Readonly<Record<string, string>>;
  readonly cwd?: string;
  readonly stdin?: string;
  /** Columns of the terminal on stdout; without it stdout is no terminal. */
  readonly terminal?: number;
  /** Rows of that terminal. */
  readonly rows?: number;
  /** What the program takes for the present, in milliseconds since 1970. */
  readonly now?: number;
  readonly calledAs?: string;
  readonly interrupt?: AbortSignal;
}

/** Runs the program's `main` in this process with captured streams. Name lookups are this process's: see `resolveOnly`. */
export async function runMain(argv: readonly string[], options: CliOptions = {}): Promise<CliResult> {
  const { main } = await import("../../src/cli/main.ts");
  const stdout: string[] = [];
  const stderr: string[] = [];
  const terminal =
    options.terminal === undefined
      ? {}
      : { isTTY: true, columns: options.terminal, ...(options.rows === undefined ? {} : { rows: options.rows }) };
  const { now } = options;
  const world: World = {
    stdout: { write: (text) => stdout.push(text), ...terminal },
    stderr: { write: (text) => stderr.push(text) },
    stdin: once(options.stdin ?? ""),
    env: options.env ?? {},
    now: now === undefined ? Date.now : () => now,
    calledAs: options.calledAs ?? "/usr/local/bin/kubectl-imagedoctor",
    cwd: options.cwd ?? process.cwd(),
    platform: `${process.platform}-${process.arch}`,
    interrupt: options.interrupt ?? new AbortController().signal,
  };
  const code = await main(argv, world);
  return { code, stdout: stdout.join(""), stderr: stderr.join("") };
}

async function* once(text: string): AsyncGenerator<string> {
  yield text;
}

export interface ProcessOptions {
  readonly env?: Readonly<Record<string, string>>;
  readonly cwd?: string;
  readonly stdin?: string;
  /** The program and its first arguments; the sources on this Node where it is left out. */
  readonly command?: readonly [string, ...string[]];
  /** Show what it prints while it runs. */
  readonly inherit?: boolean;
  /** Milliseconds until it is stopped; a minute where it is left out. */
  readonly timeout?: number;
}

const entry = join(import.meta.dirname, "..", "..", "src", "cli", "entry.ts");

/** Runs the program in a process of its own and waits for its end. PATH and HOME are passed on, nothing else unless `env` says so. */
export function runProcess(argv: readonly string[], options: ProcessOptions = {}): Promise<CliResult> {
  const [command, ...first] = options.command ?? [process.execPath, entry];
  return new Promise((resolve, reject) => {
    const child = spawn(command, [...first, ...argv], {
      cwd: options.cwd ?? process.cwd(),
      env: { PATH: process.env["PATH"], HOME: process.env["HOME"], ...options.env },
      stdio: ["pipe", options.inherit === true ? "inherit" : "pipe", options.inherit === true ? "inherit" : "pipe"],
      timeout: options.timeout ?? 60_000,
    });
    let stdout = "";
    let stderr = "";
    child.stdout?.setEncoding("utf8").on("data", (text) => {
      stdout += String(text);
    });
    child.stderr?.setEncoding("utf8").on("data", (text) => {
      stderr += String(text);
    });
    child.on("error", reject);
    child.on("close", (code, signal) =>
      resolve({ code: code ?? -1, stdout, stderr: signal === null ? stderr : `${stderr}\nended by ${signal}` }),
    );
    child.stdin?.on("error", () => {});
    child.stdin?.end(options.stdin ?? "");
  });
}
