import { bugReport } from "./bug-report.ts";
import { exitCodes, stopCodes } from "./exit-code.ts";
import { leave } from "./leave.ts";
import { main } from "./main.ts";
import type { World } from "./world.ts";

/** Makes the world from the process, runs, and ends with the exit code. Nothing else reads `process.argv`. */
export function runProcess(): void {
  const interrupt = new AbortController();
  let stoppedBy: keyof typeof stopCodes | undefined;
  for (const signal of ["SIGINT", "SIGTERM"] as const) {
    process.on(signal, () => {
      // The first asks the line to finish with what is known; the second does not wait.
      if (stoppedBy !== undefined) leave(stopCodes[signal], { stopped: true });
      stoppedBy = signal;
      interrupt.abort(new DOMException("interrupted", "AbortError"));
    });
  }

  // A reader that goes away (`| head`) is no fault of ours. On Windows it may be an EOF (libuv/libuv:src/win/error.c, ERROR_BROKEN_PIPE).
  for (const stream of [process.stdout, process.stderr]) {
    stream.on("error", (error: NodeJS.ErrnoException) => {
      if (error.code === "EPIPE" || error.code === "EOF") process.exit(0);
      if (stream === process.stdout) process.stderr.write(`error: the report could not be written (${error.code})\n`);
      process.exit(4);
    });
  }

  // Node would print the error with all that hangs on it, and exit with 1, which here means a diagnosed failure.
  process.on("uncaughtException", (error) => {
    process.stderr.write(bugReport(error));
    process.exit(4);
  });

  const world: World = {
    stdout: process.stdout,
    stderr: process.stderr,
    get stdin() {
      return process.stdin;
    },
    env: process.env,
    now: Date.now,
    calledAs: process.argv0,
    get cwd() {
      return process.cwd();
    },
    platform: `${process.platform}-${process.arch}`,
    interrupt: interrupt.signal,
    endsAfter: true,
  };

  main(process.argv.slice(2), world).then(
    (code) => {
      const ended = code === exitCodes.interrupted && stoppedBy !== undefined ? stopCodes[stoppedBy] : code;
      finish(ended, stoppedBy !== undefined);
    },
    () => finish(4, stoppedBy !== undefined),
  );
}

/** Sockets that a server keeps open must not keep us; a pipe still gets all that was written, and a full disk is noticed. */
function finish(code: number, stopped: boolean): void {
  process.exitCode = code;
  process.stdout.write("", (error) => {
    // A failed write is its listener's, which comes after this.
    if (!error) setImmediate(() => leave(code, { stopped }));
  });
}
