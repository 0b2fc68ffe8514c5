import type { CaseFile } from "../domain/case-file.ts";
import type { Probe, Question } from "../domain/probe.ts";
import { questionsOf } from "./plan-probes.ts";
import { questionKey } from "./question-key.ts";

/**
 * Puts each answer into the cases that asked, with the question in the words of the case: the same login may sit in several Secrets.
 * What the node's mirrors answered goes with the question about the registry itself. Cases come back in their order.
 */
export function fileAnswers(cases: readonly CaseFile[], probes: readonly Probe[]): readonly CaseFile[] {
  if (probes.length === 0) return cases;
  const answers = new Map<string, Probe[]>();
  for (const probe of probes) {
    const key = questionKey(probe.asked ?? probe.question);
    answers.set(key, [...(answers.get(key) ?? []), probe]);
  }
  return cases.map((file) => {
    const mine = questionsOf(file).flatMap((question) =>
      (answers.get(questionKey(question)) ?? []).map((probe) => inWordsOf(question, probe)),
    );
    return mine.length === 0 ? file : { ...file, probes: [...file.probes, ...mine] };
  });
}

function inWordsOf(question: Question, { answer, ladder, question: there }: Probe): Probe {
  return { question: there.via === undefined ? question : there, answer, ladder };
}
