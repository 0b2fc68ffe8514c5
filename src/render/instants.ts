const second = 1000;
const minute = 60 * second;
const hour = 60 * minute;
const day = 24 * hour;

/** `2026-11-25 10:04:12Z` for an RFC 3339 time; undefined where it is none. */
export function utc(at: string): string | undefined {
  const time = Date.parse(at);
  return Number.isNaN(time) ? undefined : `${new Date(time).toISOString().slice(0, 19).replace("T", " ")}Z`;
}

/** How long before `now` (both RFC 3339), as kubectl says ages: `42s`, `3m`, `5h`, `2d`, with ` ago`; undefined where one is no time. */
export function age(at: string, now: string): string | undefined {
  const passed = Date.parse(now) - Date.parse(at);
  if (Number.isNaN(passed)) return undefined;
  // What a probe saw is as old as the report.
  if (passed < 15 * second) return "now";
  if (passed < 2 * minute) return `${Math.floor(passed / second)}s ago`;
  if (passed < 2 * hour) return `${Math.floor(passed / minute)}m ago`;
  if (passed < 2 * day) return `${Math.floor(passed / hour)}h ago`;
  return `${Math.floor(passed / day)}d ago`;
}
