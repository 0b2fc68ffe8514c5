const units: Readonly<Record<string, number>> = { ms: 1, s: 1_000, m: 60_000, h: 3_600_000 };

/**
 * A duration as Go writes it (`10s`, `1m30s`, `500ms`), or plain seconds (`10`), in milliseconds.
 * Undefined where it is not one, or longer than a day.
 */
export function parseDuration(text: string): number | undefined {
  if (/^\d{1,5}(?:\.\d{1,3})?$/.test(text)) return bounded(Number(text) * 1_000);
  let total = 0;
  let rest = text;
  if (rest === "") return undefined;
  while (rest !== "") {
    const part = /^(\d{1,8}(?:\.\d{1,3})?)(ms|s|m|h)/.exec(rest);
    const unit = part?.[2] === undefined ? undefined : units[part[2]];
    if (part?.[1] === undefined || unit === undefined) return undefined;
    total += Number(part[1]) * unit;
    rest = rest.slice(part[0].length);
  }
  return bounded(total);
}

function bounded(milliseconds: number): number | undefined {
  return milliseconds >= 0 && milliseconds <= 86_400_000 ? Math.round(milliseconds) : undefined;
}
