import type { CaseFile } from "../domain/case-file.ts";
import { causeByCode } from "../knowledge/causes/index.ts";
import { grantedAsTheNode } from "../knowledge/evidence/answers.ts";
import { probeEvidence, toldEvidence } from "../knowledge/evidence/sentences.ts";
import { toldByTheNode } from "../knowledge/evidence/symptoms.ts";
import type { Verdict } from "./rank-findings.ts";

/**
 * What is said where no cause fits: `cause-hidden` where the node's text names none, `unknown` where it names one that is not
 * recognised or that the registry's answers contradict. Nothing for an image that nobody has tried to pull.
 */
export function fallbackVerdict(file: CaseFile): Verdict[] {
  const { target } = file;
  if (target.containerKind === "planned" && target.failures.length === 0) {
    const refused = file.probes.some(({ answer }) => answer.kind === "refused" || answer.kind === "unreachable");
    // The kubelet goes from login to login: one that is granted is enough, whatever the others and nobody are told.
    const granted = grantedAsTheNode(file).length > 0;
    if (!refused || granted) return [];
  }
  const told = toldByTheNode(file);
  const heard = file.probes.some(({ answer }) => answer.kind === "refused");
  const cause = causeByCode.get(told === undefined && !heard ? "cause-hidden" : "unknown");
  if (cause === undefined) return [];
  const asked = file.probes.filter(({ question, answer }) => question.kind === "manifest" && answer.kind !== "unasked");
  const evidence = [...toldEvidence(file), ...asked.slice(0, 4).map((probe) => probeEvidence(probe, file.now))];
  const alternatives = told === undefined || told.code === "unknown" ? [] : [told.code];
  return [{ cause, finding: { certainty: "possible", evidence, alternatives } }];
}
