import { Session } from "node:inspector/promises";
import { setFlagsFromString } from "node:v8";

let opened: Promise<Session> | undefined;

/** One for the process: once a session has ended, V8 counts next to nothing in another. */
async function open(): Promise<Session> {
  // What is compiled anew, or freed, while it is counted loses its counts.
  for (const flag of ["--no-opt", "--no-maglev", "--no-sparkplug", "--no-flush-bytecode"]) setFlagsFromString(flag);
  const session = new Session();
  session.connect();
  await session.post("Profiler.enable");
  await session.post("Profiler.startPreciseCoverage", { callCount: true, detailed: true });
  return session;
}

async function taken(session: Session): Promise<number> {
  const { result } = await session.post("Profiler.takePreciseCoverage");
  return result
    .filter(({ url }) => url.includes("/src/"))
    .flatMap(({ functions }) => functions.flatMap(({ ranges }) => ranges))
    .reduce((sum, { count }) => sum + count, 0);
}

/**
 * How many blocks of this project's code `work` runs, as V8 counts for coverage: work instead of time, the same on every machine,
 * however busy. It is run three times. What happens within a built-in, such as a regular expression, is not counted.
 */
export async function blocksRunBy(work: () => void): Promise<number> {
  opened ??= open();
  const session = await opened;
  let most = 0;
  // V8 now and then loses counts, when it compiles or frees a function's code; it never counts too many.
  for (let run = 0; run < 3; run += 1) {
    await taken(session);
    work();
    most = Math.max(most, await taken(session));
  }
  return most;
}
