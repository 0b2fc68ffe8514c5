/** What clocks may differ by without a word, in milliseconds; a slow answer is younger than its Date by less. */
const tolerated = 60_000;

/** RFC 9110, section 5.6.7: the one form of a date that servers may send. */
const httpDate = /^[A-Z][a-z]{2}, [0-9]{2} [A-Z][a-z]{2} [0-9]{4} [0-9]{2}:[0-9]{2}:[0-9]{2} GMT$/;

/**
 * By how many milliseconds this machine's clock (`now`) is ahead of a server's, behind where negative, from Date, and from Age
 * where a cache kept the answer. Undefined within a minute, and where the headers tell no time.
 */
export function clockSkew(headers: ReadonlyMap<string, string>, now: number): number | undefined {
  const date = headers.get("date") ?? "";
  const age = headers.get("age") ?? "0";
  if (!httpDate.test(date) || !/^[0-9]{1,9}$/.test(age)) return undefined;
  const there = Date.parse(date) + Number(age) * 1000;
  const ahead = now - there;
  return Number.isNaN(ahead) || Math.abs(ahead) <= tolerated ? undefined : ahead;
}
