/** Waits for `work`, but no longer than until the run is stopped: a file may be a pipe that nobody writes to. Throws the signal's reason then. */
export function orStopped<Result>(signal: AbortSignal, work: Promise<Result>): Promise<Result> {
  return new Promise((resolve, reject) => {
    const stop = (): void => reject(signal.reason);
    if (signal.aborted) stop();
    signal.addEventListener("abort", stop, { once: true });
    work.then(resolve, reject).finally(() => signal.removeEventListener("abort", stop));
  });
}

/** What a stream yields until the run is stopped; then it ends. */
export async function* untilStopped<Item>(signal: AbortSignal, stream: AsyncIterable<Item>): AsyncGenerator<Item> {
  const items = stream[Symbol.asyncIterator]();
  for (;;) {
    const next = await orStopped(signal, items.next()).catch((error: unknown) => {
      if (signal.aborted) return undefined;
      throw error;
    });
    if (next === undefined || next.done === true) return;
    yield next.value;
  }
}
