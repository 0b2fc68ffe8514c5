import type { CaseFile } from "../domain/case-file.ts";
import type { Gap } from "../domain/gap.ts";
import type { Probe, Question } from "../domain/probe.ts";
import { aheadInWords } from "../domain/since-in-words.ts";
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
    if (mine.length === 0) return file;
    const all = [...file.probes, ...mine];
    const gaps = file.gaps.filter(({ what }) => !ownGaps.has(what));
    return { ...file, probes: all, gaps: [...gaps, ...clockGaps(all), ...configGaps(all), ...timeGaps(all)] };
  });
}

function inWordsOf(question: Question, { asked: _, ...probe }: Probe): Probe {
  return { ...probe, question: probe.question.via === undefined ? question : probe.question };
}

const theTime = "the time";
const theConfiguration = "the node's configuration";
const theRegistries = "registries";
/** What answers give rise to, and is worked out anew with each. */
const ownGaps: ReadonlySet<string> = new Set([theTime, theConfiguration, theRegistries]);

/** A clock that is wrong is told, whether or not a verdict hangs on it. */
function clockGaps(probes: readonly Probe[]): readonly Gap[] {
  const ahead = new Map<string, number>();
  for (const { question, clockAhead } of probes) {
    if (clockAhead !== undefined) ahead.set(question.via?.host ?? question.reference.registry, clockAhead);
  }
  return [...ahead].map(([host, milliseconds]) => ({
    what: theTime,
    why: `this machine's clock is ${aheadInWords(milliseconds)} that of ${host}, which counts for what has expired`,
    remedy: "Set the clock that is wrong.",
  }));
}

/** Not all was asked: what was is judged, and the rest is told by the node's words alone. */
function timeGaps(probes: readonly Probe[]): readonly Gap[] {
  if (!probes.some(({ answer }) => answer.kind === "unasked" && answer.timeUp === true)) return [];
  return [
    {
      what: theRegistries,
      why: "the time for asking them was up before all was asked",
      remedy: "Give them more with --total-timeout, or look at fewer pods at once.",
    },
  ];
}

/** What of the node's configuration could not be read: the node may go another way than the one that was asked. */
function configGaps(probes: readonly Probe[]): readonly Gap[] {
  const unread = new Set(probes.flatMap(({ nodeConfig }) => nodeConfig?.unread ?? []));
  return [...unread].map((what) => ({
    what: theConfiguration,
    why: `${what} cannot be read here`,
    remedy:
      "Copy all that the node has to the directory that is named with --hosts-dir, readable; --registry-ca adds authorities.",
  }));
}
