import type { CaseFile } from "../domain/case-file.ts";
import type { Evidence } from "../domain/diagnosis.ts";
import type { Probe } from "../domain/probe.ts";
import { asTheNode } from "../knowledge/evidence/answers.ts";
import { codesOf } from "../knowledge/evidence/said-by-the-node.ts";
import { answerWords, askedWith, shortened } from "../knowledge/evidence/sentences.ts";
import { isLoopback, registryOf, toldByTheNode } from "../knowledge/evidence/symptoms.ts";
import { agrees } from "../knowledge/evidence/weigh.ts";

/**
 * Agreement and disagreement of the node and the probe, said in one sentence:
 * `The node got "…" at 11:02; asked from here now, with the login of …, the registry gives the manifest.`
 * Nothing where one of the two has nothing to say.
 */
export function comparison(file: CaseFile): readonly Evidence[] {
  const told = toldByTheNode(file);
  const asked = asTheNode(file).find(({ probe }) => probe !== undefined && probe.answer.kind !== "unasked");
  const host = registryOf(file);
  const notes: Evidence[] = [];
  if (host !== undefined && isLoopback(host) && asked !== undefined)
    notes.push({
      source: "probe",
      text: `${host} names each machine itself: asked from here, this machine answers, not the node`,
    });
  if (told === undefined || asked?.probe === undefined) return notes;
  const { probe, credential } = asked;
  const at = told.failure.at === undefined ? "" : ` at ${told.failure.at}`;
  const here = `asked from here now, ${askedWith(credential)}, ${answerSubject(probe)} ${answerWords(probe.answer)}`;
  const relation = same(probe, told.code, told.alternatives) ? "both agree" : "the two differ";
  notes.unshift({
    source: "probe",
    text: `The node got "${shortened(told.quote, 160)}"${at}; ${here}: ${relation}`,
    at: file.now,
  });
  return notes;
}

function answerSubject({ answer, question }: Probe): string {
  return answer.kind === "unreachable" ? shortened(answer.host, 120) : question.reference.registry;
}

function same({ answer }: Probe, code: string, alternatives: readonly string[]): boolean {
  if (answer.kind === "unreachable") return answer.fault === code;
  return answer.kind === "refused" && codesOf(answer.meaning).some((one) => agrees(code, one, alternatives));
}
