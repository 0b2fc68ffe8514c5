import type { CaseFile } from "../../domain/case-file.ts";
import type { Probe } from "../../domain/probe.ts";

/** The answer to "which tags are there", from whoever was given it, or the refusal where nobody was. */
export function tagsProbe(file: CaseFile): Probe | undefined {
  const asked = file.probes.filter(({ question }) => question.kind === "tags" && question.via === undefined);
  return asked.find(({ answer }) => answer.kind === "tags") ?? asked.find(({ answer }) => answer.kind === "refused");
}

/** Whether the list of tags was read to its end and this image's tag is not in it; undefined where it was not read. */
export function tagIsListed(file: CaseFile): boolean | undefined {
  const answer = tagsProbe(file)?.answer;
  if (answer?.kind !== "tags" || file.reference.kind !== "valid") return undefined;
  const { tag, digest } = file.reference.reference;
  if (digest !== undefined || tag === undefined) return undefined;
  if (answer.tags.includes(tag)) return true;
  return answer.complete ? false : undefined;
}

/** How many tags are compared, and how many are named. */
const mostCompared = 5_000;
const mostNamed = 3;

/** The tags that look most like the one that is missing, the nearest first. */
export function nearestTags(file: CaseFile): readonly string[] {
  const answer = tagsProbe(file)?.answer;
  if (answer?.kind !== "tags" || file.reference.kind !== "valid") return [];
  const wanted = file.reference.reference.tag;
  if (wanted === undefined || wanted.length > 128) return [];
  return answer.tags
    .slice(-mostCompared)
    .map((tag) => ({ tag, distance: distance(simple(wanted), simple(tag)) }))
    .filter(({ distance }) => distance <= Math.max(1, Math.min(3, Math.floor(wanted.length / 2))))
    .toSorted((a, b) => a.distance - b.distance)
    .slice(0, mostNamed)
    .map(({ tag }) => tag);
}

/** `V1.2` and `1.2` are the same tag to the person who typed it. */
function simple(tag: string): string {
  return tag.toLowerCase().replace(/^v(?=\d)/, "");
}

/** Edits from one text to the other (Levenshtein), 4 where there are more than 3. */
function distance(a: string, b: string): number {
  const far = 4;
  if (Math.abs(a.length - b.length) >= far || b.length > 128) return far;
  let previous = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (let i = 1; i <= a.length; i += 1) {
    const current = [i];
    for (let j = 1; j <= b.length; j += 1) {
      const change = (previous[j - 1] ?? far) + (a[i - 1] === b[j - 1] ? 0 : 1);
      current.push(Math.min(change, (previous[j] ?? far) + 1, (current[j - 1] ?? far) + 1));
    }
    if (Math.min(...current) >= far) return far;
    previous = current;
  }
  return Math.min(previous[b.length] ?? far, far);
}

/** Other places that answer for this image: `library/` before the name, another case, the place a registry moved to. */
export function neighbours(file: CaseFile): readonly Probe[] {
  return file.probes.filter(
    ({ question, answer }) => question.kind === "repository" && (answer.kind === "granted" || answer.kind === "tags"),
  );
}
