import type { Symptom } from "../domain/symptom.ts";
import { causeByCode } from "../knowledge/causes/index.ts";
import { recogniseText } from "./recognise-failure.ts";

/** What a pasted failure text means; the shape of a line of `explain --stdin -o json`. */
export interface ExplainedText extends Pick<Symptom, "code" | "alternatives" | "certainty" | "facts"> {
  readonly title: string;
}

/** What a failure text means, in the catalogue's words. */
export function explainText(text: string, reason = ""): ExplainedText {
  return explain(recogniseText(text, reason));
}

/**
 * What one line of `explain --stdin -o json` means: a JSON string, or an object `{message, reason?}`.
 * A line that is neither gets the code `unknown` and the fact `unreadable`, so that lines out match lines in.
 * One line at a time and without memory of the others; never throws.
 */
export function explainLine(line: string): ExplainedText {
  const value = parseJson(line);
  if (typeof value === "string") {
    return explainText(value);
  }
  if (typeof value === "object" && value !== null && "message" in value && typeof value.message === "string") {
    const reason = "reason" in value && typeof value.reason === "string" ? value.reason : "";
    return explainText(value.message, reason);
  }
  const unreadable = value === undefined ? "not JSON" : "neither a string nor an object with a message";
  return { code: "unknown", alternatives: [], certainty: "possible", facts: { unreadable }, title: titleOf("unknown") };
}

function explain(symptom: Symptom): ExplainedText {
  const { code, alternatives, certainty, facts } = symptom;
  return { code, alternatives, certainty, facts, title: titleOf(code) };
}

function titleOf(code: string): string {
  return causeByCode.get(code)?.title ?? code;
}

function parseJson(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return undefined;
  }
}
