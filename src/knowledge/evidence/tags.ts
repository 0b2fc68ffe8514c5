import type { CaseFile } from "../../domain/case-file.ts";
import type { Probe } from "../../domain/probe.ts";
import { nearestTags } from "../nearest-tags.ts";

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

/** The tags that were most likely meant in place of the one that is missing, the likeliest first; none where it is listed itself. */
export function tagsMeant(file: CaseFile): readonly string[] {
  if (tagIsListed(file) === true) return [];
  const answer = tagsProbe(file)?.answer;
  if (answer?.kind !== "tags" || file.reference.kind !== "valid") return [];
  const { tag, digest } = file.reference.reference;
  return tag === undefined || digest !== undefined ? [] : nearestTags(tag, answer.tags);
}

/** Other places that answer for this image: with or without `library/`, with another separator, where the image moved to. */
export function neighbours(file: CaseFile): readonly Probe[] {
  return file.probes.filter(
    ({ question, answer }) => question.kind === "repository" && (answer.kind === "granted" || answer.kind === "tags"),
  );
}
