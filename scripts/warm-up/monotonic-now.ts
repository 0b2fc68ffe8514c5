/** As `performance.now`, whose module of Node takes a millisecond to load and is used for nothing else. */
export function monotonicNow(): number {
  const [seconds, nanoseconds] = process.hrtime();
  return seconds * 1_000 + nanoseconds / 1_000_000;
}
