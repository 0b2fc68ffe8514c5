import type { Diagnosis } from "../domain/diagnosis.ts";
import type { Gap } from "../domain/gap.ts";
import type { Report } from "../domain/report.ts";
import { cellWidth } from "./cell-width.ts";
import { utc } from "./instants.ts";
import { fields, paragraph } from "./page.ts";
import { pasteable, plainName } from "./plain-text.ts";
import type { Renderer } from "./renderer.ts";
import { pageWidth, type Style, styleFor } from "./style.ts";
import { textDiagnosis } from "./text-diagnosis.ts";
import { howMany } from "./where.ts";
import { examinedOf, isSearch, isUnasked, partialNote, summary, unprobedNote } from "./words.ts";

/** Lines longer than this are hard to follow, however wide the terminal. */
const widest = 120;

function titleLines(diagnosis: Diagnosis, width: number, style: Style): string[] {
  const sign = diagnosis.certainty === "possible" ? style.warn(style.glyphs.unsure) : style.bad(style.glyphs.failing);
  const [first = "", ...rest] = paragraph(style.plain(diagnosis.title, { limit: 200 }), width, 2, style.strong);
  return [`${sign} ${first.trimStart()}`, ...rest];
}

function overview(report: Report, width: number, style: Style): string[] {
  return [
    ...paragraph(summary(report, style.plain), width, 0, style.strong),
    ...report.diagnoses.flatMap((diagnosis, index) => {
      const text = `${style.plain(diagnosis.title, { limit: 200 })} (${diagnosis.certainty}, ${howMany(diagnosis.containers)})`;
      return fields([{ label: `${index + 1}`, text }], width, 2, style.faint);
    }),
  ];
}

function separator(index: number, total: number, width: number, style: Style): string {
  const label = ` ${index + 1} of ${total} `;
  const { rule } = style.glyphs;
  return style.faint(`${rule.repeat(2)}${label}${rule.repeat(Math.max(0, width - 2 - cellWidth(label)))}`);
}

function gapLines(gaps: readonly Gap[], width: number, style: Style): string[] {
  if (gaps.length === 0) return [];
  return [
    "",
    style.strong("Not seen, and so not ruled out"),
    ...gaps.flatMap(({ what, why, remedy }) => {
      const lines = paragraph(`${style.plain(what)}: ${style.plain(why)}`, width, 2);
      if (remedy === undefined) return lines;
      const command = remedy.startsWith("kubectl ") ? pasteable(remedy) : undefined;
      if (command === undefined) return [...lines, ...paragraph(style.plain(remedy), width, 4, style.faint)];
      return [...lines, `    ${style.command(command)}`];
    }),
  ];
}

function healthy(report: Report, width: number, style: Style): string[] {
  const { examined } = report.target;
  const { unsettled = 0 } = report;
  const late = unsettled === 0 ? "" : `, ${unsettled} not started yet`;
  const none = isSearch(report) ? "" : " (nothing matched)";
  const looked = examined === 0 ? none : ` (${examinedOf(report)} seen${late})`;
  const nothingSeen = (examined === 0 && !isSearch(report)) || isUnasked(report);
  const idle = report.interrupted === true || report.unread !== undefined || nothingSeen;
  const sign = idle ? style.glyphs.skipped : style.good(style.glyphs.fine);
  const [first = "", ...rest] = paragraph(`${summary(report, style.plain)}${looked}.`, width, 2);
  return [`${sign} ${first.trimStart()}`, ...rest];
}

function footer(report: Report, width: number, style: Style, verbose: boolean): string[] {
  const lines: string[] = [];
  if (report.diagnoses.length > 0 && !report.probed) lines.push(...paragraph(unprobedNote, width, 0, style.faint));
  if (report.interrupted === true) lines.push(...paragraph(partialNote, width, 0, style.warn));
  if (verbose) {
    const made = `imagedoctor ${plainName(report.version, 60)}, ${utc(report.at) ?? plainName(report.at, 40)}`;
    lines.push(...paragraph(made, width, 0, style.faint));
    const command = pasteable(report.command);
    if (command !== undefined) lines.push(style.faint(command));
  }
  return lines.length === 0 ? [] : ["", ...lines];
}

/** The default format, for people at a terminal: the answer first, then what it rests on, then what to do. */
export const text: Renderer = (report, options) => {
  const style = styleFor(options);
  const width = pageWidth(options.width, widest);
  const page = { width, style, verbose: options.verbose, at: report.at };
  const { diagnoses } = report;
  const body: string[] = [];
  if (diagnoses.length === 0) body.push(...healthy(report, width, style));
  if (diagnoses.length > 1) body.push(...overview(report, width, style), "");
  diagnoses.forEach((diagnosis, index) => {
    if (diagnoses.length > 1) body.push(separator(index, diagnoses.length, width, style), "");
    body.push(...titleLines(diagnosis, width, style), ...textDiagnosis(diagnosis, page));
    if (index + 1 < diagnoses.length) body.push("");
  });
  body.push(...gapLines(report.gaps, width, style), ...footer(report, width, style, options.verbose));
  return `${body.join("\n")}\n`;
};
