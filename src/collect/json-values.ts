/** A JSON object whose members are not known yet. */
export type JsonObject = Readonly<Record<string, unknown>>;

/** Longest text kept of one field. The kubelet's longest messages are a few thousand characters. */
const longestText = 16_384;

export function isObject(value: unknown): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** The member at `path`, by own properties alone, so that no prototype answers; undefined where there is none. */
export function member(value: unknown, ...path: readonly string[]): unknown {
  let current = value;
  for (const key of path) {
    if (!isObject(current) || !Object.hasOwn(current, key)) return undefined;
    current = current[key];
  }
  return current;
}

/** A text of at least one character, cut to `limit` UTF-16 units; undefined for anything else. */
export function textAt(value: unknown, path: readonly string[], limit = longestText): string | undefined {
  const text = member(value, ...path);
  if (typeof text !== "string" || text === "") return undefined;
  return text.length > limit ? text.slice(0, limit) : text;
}

/** A finite number; undefined for anything else. */
export function numberAt(value: unknown, path: readonly string[]): number | undefined {
  const number = member(value, ...path);
  return typeof number === "number" && Number.isFinite(number) ? number : undefined;
}

/** The items of a list, the first `limit` of them; none where there is no list. */
export function listAt(value: unknown, path: readonly string[], limit = 1000): readonly unknown[] {
  const list = member(value, ...path);
  if (!Array.isArray(list)) return [];
  return list.length > limit ? list.slice(0, limit) : list;
}

/** An RFC 3339 time as the API server writes it; undefined for what is no time. */
export function timeAt(value: unknown, path: readonly string[]): string | undefined {
  const text = textAt(value, path, 64);
  return text !== undefined && /^\d{4}-\d\d-\d\dT/.test(text) && !Number.isNaN(Date.parse(text)) ? text : undefined;
}

/** A map of texts (labels, selectors) without a prototype, so that a label named `__proto__` is a label. */
export function textMapAt(value: unknown, path: readonly string[], limit = 200): Readonly<Record<string, string>> {
  const result = emptyTextMap();
  const map = member(value, ...path);
  if (!isObject(map)) return result;
  let kept = 0;
  for (const key of Object.keys(map)) {
    const text = map[key];
    if (typeof text !== "string") continue;
    if (++kept > limit) break;
    result[key.slice(0, 400)] = text.slice(0, 1024);
  }
  return result;
}

function emptyTextMap(): Record<string, string> {
  return Object.create(null);
}

/** The later of two RFC 3339 times, either of which may be missing. */
export function later(a: string | undefined, b: string | undefined): string | undefined {
  if (a === undefined || b === undefined) return a ?? b;
  return Date.parse(b) > Date.parse(a) ? b : a;
}

/** Milliseconds since 1970; 0, which is before everything, for a missing time. Texts of times do not sort: `…:01Z`, `…:01.5Z`. */
export function millisecondsOf(time: string | undefined): number {
  return time === undefined ? 0 : Date.parse(time);
}
