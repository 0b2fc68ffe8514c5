import type { CaseFile } from "../domain/case-file.ts";
import type { ContainerRef, Diagnosis, Evidence } from "../domain/diagnosis.ts";
import { attemptsOf } from "./attempts.ts";
import { comparison } from "./compare-with-node.ts";
import type { Verdict } from "./rank-findings.ts";

/** How many pieces of evidence a diagnosis shows; more is noise. */
const mostEvidence = 12;

/** The primary verdict with words, evidence, remedies and the answer matrix; the other verdicts become its alternatives. */
export function diagnosisOf(file: CaseFile, primary: Verdict, others: readonly Verdict[]): Diagnosis {
  const { cause, finding } = primary;
  const also = others.filter((other) => other.finding.certainty === "certain" && isNewsBeside(primary, other));
  const detail = [
    finding.detail,
    ...also.map(({ cause: { title }, finding: { title: own } }) => `Also: ${lowerFirst(own ?? title)}.`),
  ];
  return {
    code: cause.code,
    certainty: finding.certainty,
    title: finding.title ?? cause.title,
    explanation: [cause.explanation, ...detail].filter((part) => part !== undefined && part !== "").join(" "),
    cause: { title: cause.title, explanation: cause.explanation },
    retryable: cause.retryable,
    image: file.target.image,
    containers: [containerOf(file)],
    evidence: distinct([
      ...finding.evidence,
      ...also.flatMap((other) => other.finding.evidence),
      ...comparison(file, primary),
    ]).slice(0, mostEvidence),
    attempts: attemptsOf(file),
    remedies: cause.remedies(file),
    alternatives: alternativesOf(primary, others),
    probes: file.probes,
  };
}

/** Whether a second certain verdict is a fault of its own, and not another word for the first. */
function isNewsBeside(primary: Verdict, other: Verdict): boolean {
  if (other.folded === true || other.cause.family === "meta") return false;
  return primary.finding.alternatives?.includes(other.cause.code) !== true;
}

/**
 * What else is thinkable: the finding's own alternatives (an umbrella's members, where it names none), then what other causes found.
 * What a certain verdict accounts for is no alternative to it.
 */
function alternativesOf(primary: Verdict, others: readonly Verdict[]): readonly string[] {
  const named = primary.finding.alternatives ?? [];
  const own = named.length > 0 ? named : (primary.cause.covers ?? []);
  const sure = primary.finding.certainty === "certain";
  const beside = others
    .filter(
      ({ cause, folded }) => (cause.family !== "meta" || cause.code === "answers-now") && !(sure && folded === true),
    )
    .map(({ cause }) => cause.code);
  return [...new Set([...own, ...beside])].filter((code) => code !== primary.cause.code);
}

/** Where the case is. */
export function containerOf({ target }: CaseFile): ContainerRef {
  const { owner } = target;
  return {
    namespace: target.namespace,
    ...(target.pod !== undefined && { pod: target.pod }),
    ...(target.container !== undefined && { container: target.container }),
    ...(target.nodeName !== undefined && { node: target.nodeName }),
    ...(owner !== undefined && { owner: `${owner.kind}/${owner.name}` }),
    ...(target.file !== undefined && { file: target.file }),
    ...(target.line !== undefined && { line: target.line }),
  };
}

function distinct(evidence: readonly Evidence[]): Evidence[] {
  const seen = new Set<string>();
  return evidence.filter(({ source, text }) => {
    const key = `${source}\n${text}`;
    if (seen.has(key)) return false;
    seen.add(key);
    return true;
  });
}

function lowerFirst(title: string): string {
  return `${title.charAt(0).toLowerCase()}${title.slice(1)}`;
}
