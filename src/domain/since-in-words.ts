const units: readonly (readonly [name: string, milliseconds: number])[] = [
  ["year", 365 * 86_400_000],
  ["month", 30 * 86_400_000],
  ["week", 7 * 86_400_000],
  ["day", 86_400_000],
  ["hour", 3_600_000],
  ["minute", 60_000],
];

/**
 * How long before or after `now` a time is (both RFC 3339): `3 days ago`, `in 2 hours`, `just now`.
 * The largest unit of which there are at least two, or exactly one, so that nothing is rounded by half. Undefined where one is no time.
 */
export function sinceInWords(time: string, now: string): string | undefined {
  const passed = Date.parse(now) - Date.parse(time);
  if (Number.isNaN(passed)) return undefined;
  const length = durationInWords(Math.abs(passed));
  if (length === undefined) return "just now";
  return passed > 0 ? `${length} ago` : `in ${length}`;
}

/** `3 days`, `1 minute`; undefined below a minute. In milliseconds. */
export function durationInWords(milliseconds: number): string | undefined {
  const [name, size] = units.find(([, unit]) => milliseconds >= 2 * unit || milliseconds === unit) ?? [
    "minute",
    60_000,
  ];
  const count = Math.floor(milliseconds / size);
  if (count < 1) return undefined;
  return `${count} ${name}${count === 1 ? "" : "s"}`;
}

/** `3 hours ahead of`, `2 minutes behind`: how one clock stands to another, in milliseconds; to the minute. */
export function aheadInWords(milliseconds: number): string {
  const minutes = Math.max(1, Math.round(Math.abs(milliseconds) / 60_000));
  return `${durationInWords(minutes * 60_000)} ${milliseconds > 0 ? "ahead of" : "behind"}`;
}
