import { spawn } from "node:child_process";
import { readFileSync } from "node:fs";

/** One finished run of a command: wall time in milliseconds, and the largest resident memory in bytes (0 where it cannot be read). */
export interface Run {
  readonly milliseconds: number;
  readonly memory: number;
  readonly code: number | null;
}

/** Runs a command and throws its output away. The caller's event loop goes on, so a server in this process can answer it. */
export function measure(command: readonly [string, ...string[]], env: Readonly<Record<string, string>>): Promise<Run> {
  return new Promise((resolve, reject) => {
    const start = performance.now();
    const child = spawn(command[0], command.slice(1), { env, stdio: "ignore" });
    let memory = 0;
    const watch = setInterval(() => {
      memory = Math.max(memory, highWater(child.pid));
    }, 4);
    child.on("error", reject);
    child.on("exit", (code) => {
      clearInterval(watch);
      resolve({ milliseconds: performance.now() - start, memory, code });
    });
  });
}

/** VmHWM of Linux, the high-water mark of resident memory. */
function highWater(pid: number | undefined): number {
  try {
    return Number(/VmHWM:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, "utf8"))?.[1] ?? 0) * 1024;
  } catch {
    return 0;
  }
}

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
}

export interface Ratio {
  readonly time: number;
  readonly memory: number;
  readonly a: number;
  readonly b: number;
  /** The shortest run of each: what is left where other work disturbs the machine. */
  readonly bestA: number;
  readonly bestB: number;
  /** Bytes. */
  readonly memoryA: number;
  readonly memoryB: number;
}

/**
 * Two commands in turn, A B A B …, after one run of each that does not count: the ratio is taken pair by pair,
 * so that it holds when the machine's speed drifts. Gives medians.
 */
export async function compare(
  a: readonly [string, ...string[]],
  b: readonly [string, ...string[]],
  runs: number,
  env: Readonly<Record<string, string>>,
): Promise<Ratio> {
  const first = { a: await measure(a, env), b: await measure(b, env) };
  const pairs: { readonly a: Run; readonly b: Run }[] = [];
  for (let run = 0; run < runs; run += 1) {
    const pair = { a: await measure(a, env), b: await measure(b, env) };
    // What fails is fast.
    if (pair.a.code !== first.a.code || pair.b.code !== first.b.code)
      throw new Error(`exit codes were ${first.a.code} and ${first.b.code}, then ${pair.a.code} and ${pair.b.code}`);
    pairs.push(pair);
  }
  return {
    time: median(pairs.map((pair) => pair.a.milliseconds / pair.b.milliseconds)),
    memory: median(pairs.map((pair) => pair.a.memory / Math.max(1, pair.b.memory))),
    a: median(pairs.map((pair) => pair.a.milliseconds)),
    b: median(pairs.map((pair) => pair.b.milliseconds)),
    bestA: Math.min(...pairs.map((pair) => pair.a.milliseconds)),
    bestB: Math.min(...pairs.map((pair) => pair.b.milliseconds)),
    memoryA: median(pairs.map((pair) => pair.a.memory)),
    memoryB: median(pairs.map((pair) => pair.b.memory)),
  };
}
