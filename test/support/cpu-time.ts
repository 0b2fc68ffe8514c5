/**
 * Milliseconds of processor since this process began. What should take linear time is bounded by this and not by the clock,
 * which on a busy machine goes on while nothing is done here.
 */
export function cpuTime(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1_000;
}
