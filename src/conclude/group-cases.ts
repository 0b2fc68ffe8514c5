import type { CaseFile } from "../domain/case-file.ts";
import { compareCertainty } from "../domain/certainty.ts";
import type { Diagnosis, Remedy } from "../domain/diagnosis.ts";
import { canonicalName } from "../domain/image-reference.ts";
import { joinDeletions } from "./join-deletions.ts";

/** A case with its one diagnosis. */
export interface JudgedCase {
  readonly file: CaseFile;
  readonly code: string;
  /** The cause's own title, for a group in which no one name is at fault. */
  readonly title: string;
  readonly diagnosis: Diagnosis;
}

/** How many remedies a group shows: pods of many namespaces need one command each. */
const mostRemedies = 12;
const mostTitles = 6;

/**
 * Forty pods, one diagnosis: cases that share image, cause and logins become one, whatever their pods, nodes and namespaces.
 * The surest of them gives the words; most certain first, then what concerns most containers.
 */
export function groupCases(judged: readonly JudgedCase[]): Diagnosis[] {
  const byKey = new Map<string, JudgedCase[][]>();
  for (const one of judged) {
    const key = JSON.stringify([one.code, imageOf(one.file)]);
    const groups = byKey.get(key) ?? [];
    byKey.set(key, groups);
    const group = groups.find(([first]) => first !== undefined && sameLogins(first.file, one.file));
    if (group === undefined) groups.push([one]);
    else group.push(one);
  }
  return [...byKey.values()]
    .flat()
    .map(merge)
    .toSorted(
      (a, b) =>
        compareCertainty(a.certainty, b.certainty) ||
        b.containers.length - a.containers.length ||
        compareText(a.image, b.image) ||
        compareText(a.code, b.code),
    );
}

function imageOf({ reference, target }: CaseFile): string {
  return reference.kind === "valid" ? canonicalName(reference.reference) : target.image;
}

/** The same logins in the same order, wherever they are kept: two namespaces with a copy of one Secret are one case. */
function sameLogins(a: CaseFile, b: CaseFile): boolean {
  return (
    a.candidates.length === b.candidates.length &&
    a.candidates.every((credential, index) => {
      const other = b.candidates[index];
      return (
        other !== undefined &&
        credential.source.key === other.source.key &&
        credential.username === other.username &&
        credential.password.equals(other.password)
      );
    })
  );
}

function merge(group: readonly JudgedCase[]): Diagnosis {
  const sorted = group.map(({ diagnosis }) => diagnosis).toSorted((a, b) => compareCertainty(a.certainty, b.certainty));
  const [first, ...rest] = sorted;
  if (first === undefined) throw new Error("a group of cases is never empty");
  if (rest.length === 0) return first;
  const titles = [...new Set(sorted.map(({ title }) => title))];
  const one = titles.length === 1;
  return {
    ...first,
    title: one ? first.title : (group[0]?.title ?? first.title),
    explanation: one ? first.explanation : `${first.explanation} Found: ${listed(titles)}.`,
    containers: group.flatMap(({ diagnosis }) => diagnosis.containers).toSorted(compareContainers),
    remedies: joinDeletions(distinctRemedies(sorted.flatMap(({ remedies }) => remedies))).slice(0, mostRemedies),
    alternatives: [...new Set(sorted.flatMap(({ alternatives }) => alternatives))],
    probes: [...new Set(sorted.flatMap(({ probes }) => probes))],
  };
}

/** The titles of a group, as many as one can read. */
function listed(titles: readonly string[]): string {
  const shown = titles.slice(0, mostTitles).join("; ");
  return titles.length > mostTitles ? `${shown}; and ${titles.length - mostTitles} more` : shown;
}

function compareContainers(a: Diagnosis["containers"][number], b: Diagnosis["containers"][number]): number {
  return (
    compareText(a.namespace, b.namespace) ||
    compareText(a.pod ?? "", b.pod ?? "") ||
    compareText(a.container ?? "", b.container ?? "")
  );
}

/** By code units, so that the order is the same whatever the machine's language. */
function compareText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

function distinctRemedies(remedies: readonly Remedy[]): Remedy[] {
  const seen = new Map<string, Remedy>();
  for (const remedy of remedies) {
    const key = JSON.stringify([remedy.title, remedy.command]);
    if (!seen.has(key)) seen.set(key, remedy);
  }
  return [...seen.values()];
}
