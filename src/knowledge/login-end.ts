/** Clocks of a registry, a cluster and this machine may differ by this much, in milliseconds. */
const clockSkew = 5 * 60_000;

/** Whether a login that ends at `end` (milliseconds since 1970) is over at `now` (RFC 3339) by any of these clocks; false where one is no time. */
export function isOver(end: number, now: string): boolean {
  return end + clockSkew < Date.parse(now);
}
