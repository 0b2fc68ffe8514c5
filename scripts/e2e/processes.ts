import { type ChildProcess, spawn } from "node:child_process";
import { createWriteStream } from "node:fs";
import { connect } from "node:net";
import { join } from "node:path";
import { searchPath } from "./debian.ts";

/** Servers that run as processes of their own; all of them end with `stop`. */
export class Processes {
  readonly #running: { name: string; child: ChildProcess; exited: Promise<unknown> }[] = [];
  readonly #directory: string;

  /** `directory` takes the servers' logs. */
  constructor(directory: string) {
    this.#directory = directory;
  }

  /** Starts a program and waits until something listens at the port. Rejects with the log's place if it ends before. */
  async start(name: string, command: readonly [string, ...string[]], port: number): Promise<void> {
    const [program, ...argv] = command;
    const child = spawn(program, argv, {
      stdio: ["ignore", "pipe", "pipe"],
      env: { ...process.env, PATH: searchPath },
    });
    const logFile = join(this.#directory, `${name}.log`);
    const log = createWriteStream(logFile);
    child.stdout?.pipe(log, { end: false });
    child.stderr?.pipe(log, { end: false });
    const exited = new Promise((resolve) => {
      child.once("exit", resolve);
      child.once("error", resolve);
    });
    this.#running.push({ name, child, exited });
    const listening = waitForPort(port, 20_000);
    const first = await Promise.race([listening.then(() => "listening"), exited.then(() => "ended")]);
    if (first === "ended") throw new Error(`${name} ended at once; see ${logFile}`);
  }

  /** Asks all to end, and makes those end that do not within five seconds. */
  async stop(): Promise<void> {
    await Promise.all(
      this.#running.splice(0).map(async ({ child, exited }) => {
        child.kill("SIGTERM");
        const timer = setTimeout(() => child.kill("SIGKILL"), 5_000);
        await exited;
        clearTimeout(timer);
      }),
    );
  }
}

async function waitForPort(port: number, milliseconds: number): Promise<void> {
  const end = Date.now() + milliseconds;
  while (Date.now() < end) {
    if (await accepts(port)) return;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  throw new Error(`nothing listens at 127.0.0.1:${port} after ${milliseconds} ms`);
}

function accepts(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ host: "127.0.0.1", port });
    socket.on("connect", () => {
      socket.destroy();
      resolve(true);
    });
    socket.on("error", () => resolve(false));
  });
}
