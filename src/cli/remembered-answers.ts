import { canonicalName } from "../domain/image-reference.ts";
import type { Probe, Question } from "../domain/probe.ts";
import { longestBackOff, type NextTry } from "../interpret/next-try.ts";
import type { Prober } from "../probe/prober.ts";
import { questionKey } from "../probe/question-key.ts";

interface Kept {
  readonly probes: readonly Probe[];
  /** When it was asked, in milliseconds since 1970. */
  readonly at: number;
  used: boolean;
}

/**
 * What registries answered at earlier looks of a watch. A question about an image is asked anew only once the kubelet was due
 * to ask as well, so that a watch never asks a registry more often than a node does, however often pods change.
 */
export class RememberedAnswers {
  readonly #kept = new Map<string, Kept>();
  /** Image → the earliest next try, as the last look saw it. */
  #due: ReadonlyMap<string, number> = new Map();

  /** Ends a look: what it did not ask is forgotten, and `tries` say how long the rest holds. */
  endLook(tries: readonly NextTry[]): void {
    const due = new Map<string, number>();
    for (const { image, at } of tries) {
      if (at !== undefined) due.set(image, Math.min(at, due.get(image) ?? Number.POSITIVE_INFINITY));
    }
    this.#due = due;
    for (const [key, kept] of this.#kept) {
      if (!kept.used) this.#kept.delete(key);
      kept.used = false;
    }
  }

  /** A prober that asks the given one only for what is not known, or not any more. */
  before(prober: Prober, now: () => number): Prober {
    return {
      ask: async (questions, progress, signal) => {
        const at = now();
        const open = questions.filter((question) => !this.#holds(question, at));
        const asked = open.length === 0 ? [] : await prober.ask(open, progress, signal);
        const known = new Set(open);
        const kept = questions.filter((question) => !known.has(question)).flatMap((one) => this.#recall(one));
        const answers = Map.groupBy(asked, (probe) => questionKey(probe.asked ?? probe.question));
        // What a stop, or the end of the look's time, left unasked is no answer.
        if (!signal.aborted) {
          for (const [key, probes] of answers)
            if (!probes.some(isLate)) this.#kept.set(key, { probes, at, used: true });
        }
        return [...asked, ...kept];
      },
      close: () => prober.close(),
    };
  }

  #holds(question: Question, now: number): boolean {
    const kept = this.#kept.get(questionKey(question));
    if (kept === undefined) return false;
    const due = this.#due.get(canonicalName(question.reference));
    return now < (due === undefined || due <= kept.at ? kept.at + longestBackOff : due);
  }

  #recall(question: Question): readonly Probe[] {
    const kept = this.#kept.get(questionKey(question));
    if (kept === undefined) return [];
    kept.used = true;
    return kept.probes;
  }
}

function isLate({ answer }: Probe): boolean {
  return answer.kind === "unasked" && answer.timeUp === true;
}
