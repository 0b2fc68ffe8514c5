import { editDistance } from "./edit-distance.ts";

/** Tags that are compared, the last of the list: registries that sort by age put the newest there. */
const mostCompared = 10_000;
const grammar = /^[A-Za-z0-9_][A-Za-z0-9._-]{0,127}$/;

/**
 * The tags that whoever wrote `wanted` most likely meant, the likeliest first, at most `most` of them:
 * the same with or without `v` or in another case; a variant of it (`1.27-alpine` for `1.27`) or what is left without its variant;
 * a typing error away; the longer or shorter form of a commit; the newest of the same series. For `latest` the newest release.
 * `tags` are a registry's words: those that are no tags are passed over. Work is linear in them.
 */
export function nearestTags(wanted: string, tags: readonly string[], most = 3): readonly string[] {
  if (!grammar.test(wanted)) return [];
  const ranked: Ranked[] = [];
  const own = readTag(wanted);
  for (const tag of new Set(tags.slice(-mostCompared))) {
    if (tag === wanted || !grammar.test(tag)) continue;
    const other = readTag(tag);
    const rank = wanted === "latest" ? rankForLatest(other) : rankOf(own, other);
    if (rank !== undefined) ranked.push({ tag: other, rank });
  }
  return ranked
    .toSorted((a, b) => a.rank - b.rank || compareVersions(b.tag, a.tag) || (a.tag.text < b.tag.text ? -1 : 1))
    .slice(0, most)
    .map(({ tag }) => tag.text);
}

interface Tag {
  readonly text: string;
  /** Lower case, without `v` before a number, `_` and `+` written as `-`. */
  readonly plain: string;
  /** `1.27.3` → 1, 27, 3; empty where it does not begin with a number. */
  readonly numbers: readonly number[];
  /** What follows the version: `alpine` of `1.27-alpine`; empty where nothing does. */
  readonly variant: string;
}

interface Ranked {
  readonly tag: Tag;
  readonly rank: number;
}

function readTag(text: string): Tag {
  const plain = text
    .toLowerCase()
    .replaceAll("_", "-")
    .replace(/^v(?=[0-9])/, "");
  const version = /^[0-9]{1,9}(?:\.[0-9]{1,9}){0,4}(?=$|[-.])/.exec(plain)?.[0] ?? "";
  const numbers = version === "" ? [] : version.split(".").map(Number);
  return { text, plain, numbers, variant: version === "" ? "" : plain.slice(version.length).replace(/^[-.]/, "") };
}

/** Smaller is nearer; undefined is not near at all. */
function rankOf(wanted: Tag, tag: Tag): number | undefined {
  if (wanted.plain === tag.plain) return 0;
  if (isCommit(wanted.plain) && isSameCommit(wanted.plain, tag.plain)) return 1;
  if (tag.plain.startsWith(`${wanted.plain}-`) && !isPreRelease(tag.variant)) return 2;
  if (wanted.variant !== "" && wanted.plain.startsWith(`${tag.plain}-`)) return 2.5;
  const sameVersion = wanted.numbers.length > 0 && wanted.numbers.join(".") === tag.numbers.join(".");
  if (sameVersion && family(wanted.variant) === family(tag.variant)) return 3;
  // In a version one other digit is another version: those are ranked as a series, unless letters differ.
  const digits = wanted.numbers.length > 0 && tag.numbers.length > 0;
  const distance = editDistance(wanted.plain, tag.plain, wanted.plain.length < 5 ? 1 : 2);
  if (distance !== undefined && (!digits || sameVersion)) return 3 + distance;
  return rankInSeries(wanted, tag);
}

/** The same series: as many leading numbers as possible, and the same variant before others. */
function rankInSeries(wanted: Tag, tag: Tag): number | undefined {
  if (wanted.numbers.length === 0 || wanted.numbers[0] !== tag.numbers[0] || isPreRelease(tag.variant))
    return undefined;
  if (family(wanted.variant) !== family(tag.variant)) return undefined;
  let same = 1;
  while (same < wanted.numbers.length && wanted.numbers[same] === tag.numbers[same]) same += 1;
  // 1.27.9 is nearer to 1.27.3 than to 1.28.0; `1` beside 1.27.9 is a series, not a release.
  return tag.numbers.length < 2 && wanted.numbers.length > 1 ? 20 : 10 - Math.min(same, 4);
}

const roots = ["stable", "main", "master", "edge"];

function rankForLatest(tag: Tag): number | undefined {
  if (tag.plain === "latest") return 0;
  if (tag.plain.startsWith("latest-")) return 1;
  if (tag.numbers.length > 0 && tag.variant === "") return tag.numbers.length < 2 ? 4 : 2;
  const root = roots.indexOf(tag.plain);
  return root < 0 ? undefined : 3 + root / 10;
}

/** `alpine3.19` and `alpine3.20` are one family. */
function family(variant: string): string {
  return variant.replace(/[0-9.]+/g, "");
}

function isPreRelease(variant: string): boolean {
  return /^(alpha|beta|rc|pre|dev|snapshot|nightly)(?=[.0-9-]|$)/.test(variant);
}

function isCommit(text: string): boolean {
  return /^(?:(?:sha|git|commit)-)?[0-9a-f]{7,64}$/.test(text) && /[0-9]/.test(text);
}

/** One is the beginning of the other, with or without `sha-`. */
function isSameCommit(a: string, b: string): boolean {
  if (!isCommit(b)) return false;
  const [x, y] = [a, b].map((text) => text.replace(/^(sha|git|commit)-/, ""));
  return x !== undefined && y !== undefined && (x.startsWith(y) || y.startsWith(x));
}

/** Numbers first, then the shorter variant: `1.27.3` is newer than `1.27.2`, and before `1.27.3-alpine`. */
function compareVersions(a: Tag, b: Tag): number {
  for (let at = 0; at < Math.max(a.numbers.length, b.numbers.length); at += 1) {
    const difference = (a.numbers[at] ?? -1) - (b.numbers[at] ?? -1);
    if (difference !== 0) return difference;
  }
  return b.variant.length - a.variant.length;
}
