import { bugReport } from "./bug-report.ts";
import { exitCodes, stopCodes } from "./exit-code.ts";
import { leave } from "./leave.ts";
import { main } from "./main.ts";
import type { World } from "./world.ts";

/**
 * Makes the world from the process, runs, and ends with the exit code. Nothing else reads `process.argv`.
 * Streams and signals are opened when they are first asked for: that is a part of what `version` takes.
 */
export function runProcess(): void {
  // Node would print the error with all that hangs on it, and exit with 1, which here means a diagnosed failure.
  process.on("uncaughtException", (error) => {
    process.stderr.write(bugReport(error));
    process.exit(4);
  });

  const stop: Stop = {};
  const stdout = once(() => guarded(process.stdout));
  const stderr = once(() => guarded(process.stderr));
  const interrupt = once(() => interruptOf(stop));
  const world: World = {
    get stdout() {
      return stdout();
    },
    get stderr() {
      return stderr();
    },
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
    get interrupt() {
      return interrupt();
    },
    endsAfter: true,
  };

  main(process.argv.slice(2), world).then(
    (code) =>
      finish(code === exitCodes.interrupted && stop.by !== undefined ? stopCodes[stop.by] : code, stdout(), stop),
    () => finish(4, stdout(), stop),
  );
}

/** The signal that came, if one did. */
interface Stop {
  by?: keyof typeof stopCodes;
}

function once<T>(make: () => T): () => T {
  let made: { readonly value: T } | undefined;
  return () => {
    made ??= { value: make() };
    return made.value;
  };
}

/** Aborted by the first SIGINT or SIGTERM, which asks the line to finish with what is known; the second does not wait. */
function interruptOf(stop: Stop): AbortSignal {
  const interrupt = new AbortController();
  for (const signal of ["SIGINT", "SIGTERM"] as const) {
    process.on(signal, () => {
      if (stop.by !== undefined) leave(stopCodes[signal], { stopped: true });
      stop.by = signal;
      interrupt.abort(new DOMException("interrupted", "AbortError"));
    });
  }
  return interrupt.signal;
}

type Output = typeof process.stdout | typeof process.stderr;

/** A reader that goes away (`| head`) is no fault of ours. On Windows it may be an EOF (libuv/libuv:src/win/error.c, ERROR_BROKEN_PIPE). */
function guarded(stream: Output): Output {
  stream.on("error", (error: NodeJS.ErrnoException) => {
    if (error.code === "EPIPE" || error.code === "EOF") process.exit(0);
    if (stream === process.stdout) process.stderr.write(`error: the report could not be written (${error.code})\n`);
    process.exit(4);
  });
  return stream;
}

/** Sockets that a server keeps open must not keep us; a pipe still gets all that was written, and a full disk is noticed. */
function finish(code: number, stdout: Output, stop: Stop): void {
  process.exitCode = code;
  stdout.write("", (error) => {
    // A failed write is its listener's, which comes after this.
    if (!error) setImmediate(() => leave(code, { stopped: stop.by !== undefined }));
  });
}
