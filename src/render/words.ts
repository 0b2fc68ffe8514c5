import type { Certainty } from "../domain/certainty.ts";
import type { Attempt, Diagnosis } from "../domain/diagnosis.ts";
import type { Report } from "../domain/report.ts";
import { type PlainOptions, plainName, plainText } from "./plain-text.ts";
import { count, howMany } from "./where.ts";

/** How text of others is made plain: `plainText`, or a style's own. */
type Plain = (text: string, options?: PlainOptions) => string;

const certaintyMeaning: Readonly<Record<Certainty, string>> = {
  certain: "seen at its source",
  likely: "what was seen points to it",
  possible: "it would fit what is known",
};

/** What the word of certainty means, for whoever reads it first. */
export function meaningOf({ certainty, evidence }: Pick<Diagnosis, "certainty" | "evidence">): string {
  const [first] = evidence;
  const told = first?.source === "event" || first?.source === "pod status";
  return certainty === "likely" && told ? "the node's message says so" : certaintyMeaning[certainty];
}

/** Whether waiting can help. */
export function patience(diagnosis: Diagnosis): string {
  return diagnosis.retryable ? "the next try may succeed by itself" : "waiting will not mend it";
}

/** `refused, 401`, `granted`. */
export function answerOf(attempt: Attempt, plain: Plain = plainText): string {
  const status = attempt.status === undefined ? "" : `, ${attempt.status}`;
  return `${plain(attempt.outcome, { limit: 60 })}${status}`;
}

/** How much was looked at: `44 pods`; images where no pod runs them yet. */
export function examinedOf({ target }: Report): string {
  return count(target.examined, target.kind === "planned" ? "image" : "pod");
}

/** What was looked at: `pod/web-6f9 in namespace shop`. */
export function subjectOf(report: Report, plain: Plain = plainText): string {
  const { namespace } = report.target;
  const place = namespace === undefined ? "" : ` in namespace ${plainName(namespace, 80)}`;
  return `${plain(report.target.subject, { limit: 200 })}${place}`;
}

/** The headline of a report: a sentence without a full stop. The answer of a single diagnosis is its own title. */
export function headline(report: Report, plain: Plain = plainText): string {
  const { diagnoses } = report;
  if (diagnoses.length === 1 && diagnoses[0] !== undefined) return plain(diagnoses[0].title, { limit: 200 });
  if (diagnoses.length > 1) {
    const all = diagnoses.flatMap((diagnosis) => diagnosis.containers);
    return `${count(diagnoses.length, "diagnosis")} for ${howMany(all)}`;
  }
  if (report.interrupted === true) return "Nothing failing was seen before the run was cut short";
  if (report.unread !== undefined) return "Nothing failing was seen, but not all that was asked for could be read";
  if (report.target.examined === 0 && !isSearch(report)) return "There was nothing to look at";
  if (isUnasked(report)) return "Nothing wrong was seen, but no registry was asked";
  return "Nothing is failing";
}

/** Headline and subject: `Nothing is failing: no failing pods in namespace shop`. */
export function summary(report: Report, plain: Plain = plainText): string {
  const none = isSearch(report) && report.diagnoses.length === 0 ? "no " : "";
  return `${headline(report, plain)}: ${none}${subjectOf(report, plain)}`;
}

/** Whether failing pods were looked for, so that none is good news. */
export function isSearch({ target }: Report): boolean {
  return target.kind === "failing";
}

/** Planned images that no registry was asked about are neither well nor ill. */
export function isUnasked({ probed, target }: Report): boolean {
  return !probed && target.kind === "planned";
}

/** Said of a run that Ctrl-C or the time limit cut short. */
export const partialNote = "Cut short: this report is partial, and what is missing may change it.";

/** Said of a run with `--no-probe`. */
export const unprobedNote = "No registry was asked (--no-probe), so this rests on what the cluster says alone.";
