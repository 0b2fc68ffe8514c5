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
  const also = others.filter((other) => other.finding.certainty === "certain" && !isWordFor(primary, other));
  const detail = [
    finding.detail,
    ...also.map(({ cause: { title }, finding: { title: own } }) => `Also: ${lowerFirst(own ?? title)}.`),
  ];
  return {
    code: cause.code,
    certainty: finding.certainty,
    title: finding.title ?? cause.title,
    explanation: [cause.explanation, ...detail].filter((part) => part !== undefined && part !== "").join(" "),
    retryable: cause.retryable,
    image: file.target.image,
    containers: [containerOf(file)],
    evidence: distinct([
      ...finding.evidence,
      ...also.flatMap((other) => other.finding.evidence),
      ...comparison(file),
    ]).slice(0, mostEvidence),
    attempts: attemptsOf(file),
    remedies: cause.remedies(file),
    alternatives: alternativesOf(primary, others),
    probes: file.probes,
  };
}

/** An umbrella and its member, or a cause and what it accounts for, say one thing; repeating it helps nobody. */
function isWordFor(primary: Verdict, other: Verdict): boolean {
  return (
    other.cause.covers !== undefined ||
    primary.finding.alternatives?.includes(other.cause.code) === true ||
    other.cause.family === "meta"
  );
}

function alternativesOf(primary: Verdict, others: readonly Verdict[]): readonly string[] {
  const own = primary.finding.alternatives ?? [];
  // What is certain leaves room only for what was found beside it.
  const beside = others
    .filter(({ cause }) => cause.family !== "meta" || cause.code === "answers-now")
    .map(({ cause }) => cause.code);
  return [...new Set([...own, ...beside])].filter((code) => code !== primary.cause.code);
}

function containerOf({ target }: CaseFile): ContainerRef {
  const { owner } = target;
  return {
    namespace: target.namespace,
    ...(target.pod !== undefined && { pod: target.pod }),
    ...(target.container !== undefined && { container: target.container }),
    ...(target.nodeName !== undefined && { node: target.nodeName }),
    ...(owner !== undefined && { owner: `${owner.kind}/${owner.name}` }),
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
