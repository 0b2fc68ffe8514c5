import type { Diagnosis, Evidence } from "../domain/diagnosis.ts";
import { age } from "./instants.ts";
import { type Field, fields, paragraph } from "./page.ts";
import { plainName } from "./plain-text.ts";
import type { Style } from "./style.ts";
import { textAttempts } from "./text-attempts.ts";
import { textLadders } from "./text-ladder.ts";
import { proseWidth, textRemedies } from "./text-remedies.ts";
import { whereabouts } from "./where.ts";
import { meaningOf, patience } from "./words.ts";

export interface DiagnosisPage {
  readonly width: number;
  readonly style: Style;
  readonly verbose: boolean;
  /** The report's own time, from which ages are told. */
  readonly at: string;
}

function facts(diagnosis: Diagnosis, style: Style): Field[] {
  const list: Field[] = [
    { label: "Certainty", text: `${diagnosis.certainty} (${meaningOf(diagnosis)})` },
    { label: "Image", text: plainName(diagnosis.image), whole: true, paint: style.strong },
    { label: "Where", text: whereabouts(diagnosis.containers).join(", ") },
    { label: "Cause", text: `${plainName(diagnosis.code, 80)}; ${patience(diagnosis)}` },
  ];
  if (diagnosis.alternatives.length > 0) {
    const codes = diagnosis.alternatives.map((code) => plainName(code, 80));
    list.push({ label: "Also fits", text: codes.join(", ") });
  }
  return list;
}

function evidenceField({ source, text, at }: Evidence, page: DiagnosisPage): Field {
  const when = at === undefined ? undefined : age(at, page.at);
  const label = page.style.plain(source, { limit: 60 });
  return { label: when === undefined ? label : `${label}, ${when}`, text: page.style.plain(text) };
}

function section(title: string, lines: readonly string[], style: Style): string[] {
  return lines.length === 0 ? [] : ["", style.strong(title), ...lines];
}

/** The parts of a diagnosis below its title line. */
export function textDiagnosis(diagnosis: Diagnosis, page: DiagnosisPage): string[] {
  const { style, width } = page;
  const remedies = textRemedies(diagnosis.remedies, width, style);
  return [
    "",
    ...fields(facts(diagnosis, style), width, 2, style.faint),
    "",
    ...paragraph(style.plain(diagnosis.explanation, { limit: 2000 }), Math.min(width, proseWidth), 2),
    ...section(
      "Evidence",
      fields(
        diagnosis.evidence.map((evidence) => evidenceField(evidence, page)),
        width,
        2,
        style.faint,
      ),
      style,
    ),
    ...section("Asked, from this machine", textAttempts(diagnosis.attempts, width, style), style),
    ...(page.verbose ? section("Step by step", textLadders(diagnosis.probes, width, style), style) : []),
    ...section("What to do", remedies, style),
  ];
}
