import type { ContainerRef, Diagnosis } from "../domain/diagnosis.ts";
import type { Report } from "../domain/report.ts";
import { pasteable, plainName, plainText } from "./plain-text.ts";
import type { Renderer } from "./renderer.ts";
import { whereabouts } from "./where.ts";
import {
  answerOf,
  headline,
  isUnasked,
  meaningOf,
  partialNote,
  patience,
  subjectOf,
  summary,
  unprobedNote,
} from "./words.ts";
import { xmlAttributes, xmlText } from "./xml.ts";

function body(diagnosis: Diagnosis): string {
  const lines = [
    plainText(diagnosis.explanation, { limit: 2000 }),
    `Certainty: ${diagnosis.certainty} (${meaningOf(diagnosis)})`,
    `Where: ${whereabouts(diagnosis.containers, { most: 20, name: (plain) => plain }).join(", ")}`,
    `Cause: ${plainName(diagnosis.code, 80)}; ${patience(diagnosis)}`,
    ...diagnosis.evidence.map(
      ({ source, text, at }) =>
        `Evidence: ${plainText(source)}${at === undefined ? "" : ` at ${plainText(at)}`}: ${plainText(text)}`,
    ),
    ...diagnosis.attempts.map((attempt) => {
      const detail = attempt.detail === undefined ? "" : `: ${plainText(attempt.detail)}`;
      return `Asked: ${plainText(attempt.credential)}, ${plainText(attempt.step)}: ${answerOf(attempt)}${detail}`;
    }),
    ...diagnosis.remedies.flatMap(({ title, command }) => [
      `To do: ${plainText(title)}`,
      ...(command === undefined ? [] : [`  ${pasteable(command) ?? "(left out: it cannot be pasted)"}`]),
    ]),
  ];
  return lines.map(xmlText).join("\n");
}

function failed(diagnosis: Diagnosis): string {
  const name = plainName(diagnosis.image);
  const message = plainText(diagnosis.title, { limit: 200 });
  return [
    `    <testcase${xmlAttributes({ classname: plainName(diagnosis.code, 80), name, time: 0 })}>`,
    `      <failure${xmlAttributes({ type: plainName(diagnosis.code, 80), message: `${message} (${diagnosis.certainty})` })}>${body(diagnosis)}</failure>`,
    "    </testcase>",
  ].join("\n");
}

function passed(image: string, container: ContainerRef): string {
  const where = [container.namespace, container.pod ?? container.owner ?? container.file, container.container]
    .filter((part) => part !== undefined)
    .map((part) => plainName(part));
  return `    <testcase${xmlAttributes({ classname: "pullable", name: `${plainName(image)} (${where.join("/")})`, time: 0 })}/>`;
}

function cases(report: Report): string[] {
  const list = report.diagnoses.map(failed);
  const healthy = (report.healthy ?? []).map(({ image, container }) => passed(image, container));
  if (isUnread(report)) return [...healthy, unread(report)];
  if (list.length + healthy.length > 0) return [...list, ...healthy];
  // A suite without a test case is an error to some readers, so what was looked at is the case.
  const name = summary(report);
  const why = report.interrupted === true ? partialNote : isUnasked(report) ? unprobedNote : undefined;
  const skipped = why === undefined ? "" : `<skipped${xmlAttributes({ message: why })}/>`;
  return [`    <testcase${xmlAttributes({ classname: "pullable", name, time: 0 })}>${skipped}</testcase>`];
}

/** Whether nothing fails as far as was seen, and not all was seen: a pipeline must not take that for success. */
function isUnread(report: Report): boolean {
  return report.diagnoses.length === 0 && report.unread !== undefined && report.interrupted !== true;
}

function unread(report: Report): string {
  const attributes = { classname: "pullable", name: subjectOf(report), time: 0 };
  return `    <testcase${xmlAttributes(attributes)}><error${xmlAttributes({ type: "unread", message: headline(report) })}/></testcase>`;
}

/** For CI systems that collect test reports: one test case for each diagnosis and each container found healthy. */
export const junit: Renderer = (report) => {
  const list = cases(report);
  const notes = [
    ...(report.interrupted === true ? [partialNote] : []),
    ...(report.probed ? [] : [unprobedNote]),
    ...report.gaps.map(({ what, why }) => `Not seen: ${plainText(what)}: ${plainText(why)}`),
  ];
  const errors = isUnread(report) ? 1 : 0;
  const nothing = report.diagnoses.length + (report.healthy ?? []).length === 0;
  const skipped = nothing && errors === 0 && (report.interrupted === true || isUnasked(report)) ? 1 : 0;
  const counts = { tests: list.length, failures: report.diagnoses.length, errors };
  const suite = { name: `imagedoctor ${subjectOf(report)}`, ...counts, skipped, timestamp: plainText(report.at) };
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    `<testsuites${xmlAttributes({ name: "kubectl-imagedoctor", ...counts })}>`,
    `  <testsuite${xmlAttributes(suite)}>`,
    ...list,
    ...(notes.length === 0 ? [] : [`    <system-out>${notes.map(xmlText).join("\n")}</system-out>`]),
    "  </testsuite>",
    "</testsuites>",
    "",
  ].join("\n");
};
