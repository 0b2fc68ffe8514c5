import type { Attempt, Diagnosis, Remedy } from "../domain/diagnosis.ts";
import type { Gap } from "../domain/gap.ts";
import type { Report } from "../domain/report.ts";
import { utc } from "./instants.ts";
import { laddersOf, rungFacts } from "./ladder.ts";
import { cellCode, code, codeSpan, commandBlock, prose } from "./markdown-text.ts";
import { pasteable, plainName } from "./plain-text.ts";
import type { Renderer } from "./renderer.ts";
import { count, whereabouts } from "./where.ts";
import { examinedOf, headline, meaningOf, partialNote, patience, unprobedNote } from "./words.ts";

function time(at: string): string {
  return utc(at) ?? code(at, 40);
}

function attemptTable(attempts: readonly Attempt[]): string[] {
  if (attempts.length === 0) return [];
  return [
    "",
    "**Asked, from where this was run**",
    "",
    "| Login | From | Step | Answer | |",
    "| --- | --- | --- | --- | --- |",
    ...attempts.map(({ credential, from, step, outcome, status, detail }) => {
      const answer = status === undefined ? outcome : `${outcome}, ${status}`;
      return `| ${[credential, from, step, answer, detail ?? ""].map((text) => cellCode(text)).join(" | ")} |`;
    }),
  ];
}

function remedyLines(remedies: readonly Remedy[]): string[] {
  if (remedies.length === 0) return [];
  return [
    "",
    "**What to do**",
    "",
    ...remedies.flatMap(({ title, command }, index) => {
      const line = `${index + 1}. ${prose(title, 500)}`;
      if (command === undefined) return [line];
      const whole = pasteable(command);
      if (whole === undefined)
        return [line, "   (The command holds a character that cannot be pasted, and is left out.)"];
      return [line, "", ...commandBlock(whole, "   "), ""];
    }),
  ];
}

function ladderLines(diagnosis: Diagnosis): string[] {
  const ladders = laddersOf(diagnosis.probes);
  if (ladders.length === 0) return [];
  return [
    "",
    "<details>",
    `<summary>Step by step (${count(ladders.length, "question")})</summary>`,
    ...ladders.flatMap(({ asked, image, as, via, steps }) => {
      const mirror = via === undefined ? "" : ` at ${codeSpan(plainName(via))}`;
      return [
        "",
        `${code(asked)} of ${codeSpan(plainName(image))}, ${code(as)}${mirror}:`,
        "",
        ...steps.map((rung) => {
          const facts = rungFacts(rung);
          return `- ${code(rung.step)} ${rung.outcome}${facts === "" ? "" : `: ${code(facts)}`}`;
        }),
      ];
    }),
    "",
    "</details>",
  ];
}

function diagnosisLines(diagnosis: Diagnosis, number: string): string[] {
  const evidence = diagnosis.evidence.map(
    ({ source, text, at }) => `- ${code(source, 60)}${at === undefined ? "" : `, ${time(at)}`}: ${code(text)}`,
  );
  const alternatives = diagnosis.alternatives.map((alternative) => codeSpan(plainName(alternative, 80)));
  const where = whereabouts(diagnosis.containers, { most: 10, name: codeSpan });
  return [
    `### ${number}${prose(diagnosis.title, 200)}`,
    "",
    `- **Certainty:** ${diagnosis.certainty} (${meaningOf(diagnosis)})`,
    `- **Image:** ${codeSpan(plainName(diagnosis.image))}`,
    `- **Where:** ${where.join(", ")}`,
    `- **Cause:** ${codeSpan(plainName(diagnosis.code, 80))}; ${patience(diagnosis)}`,
    ...(alternatives.length === 0 ? [] : [`- **Not excluded:** ${alternatives.join(", ")}`]),
    "",
    prose(diagnosis.explanation),
    ...(evidence.length === 0 ? [] : ["", "**Evidence**", "", ...evidence]),
    ...attemptTable(diagnosis.attempts),
    ...remedyLines(diagnosis.remedies),
    ...ladderLines(diagnosis),
  ];
}

function gapLines(gaps: readonly Gap[]): string[] {
  if (gaps.length === 0) return [];
  return [
    "",
    "### Not seen, and so not ruled out",
    "",
    ...gaps.map(({ what, why, remedy }) => {
      const mends = remedy === undefined ? "" : ` (${code(remedy)})`;
      return `- ${prose(what, 300)}: ${prose(why, 300)}${mends}`;
    }),
  ];
}

function footer(report: Report): string[] {
  const { context } = report.target;
  return [
    "",
    "---",
    "",
    `Made by kubectl-imagedoctor ${codeSpan(plainName(report.version, 60))} at ${time(report.at)}` +
      `${context === undefined ? "" : `, context ${code(context, 200)}`}, with ${code(report.command, 1000)}`,
  ];
}

/** What is said of a single image claims no more than its diagnosis does, whose title comes next. */
function head(report: Report): string {
  const [one, ...more] = report.diagnoses;
  if (one === undefined || more.length > 0) return prose(headline(report));
  if (report.target.kind === "planned" && one.certainty !== "certain") return "Image may fail to be pulled";
  return one.retryable ? "Image was not pulled" : "Image cannot be pulled";
}

/** For tickets: GitHub, GitLab and Jira. Text of others stands in code spans only; times are UTC; the ladder is folded away. */
export const markdown: Renderer = (report) => {
  const { diagnoses, target } = report;
  const namespace = target.namespace === undefined ? "" : ` in namespace ${codeSpan(plainName(target.namespace, 80))}`;
  const lines = [
    `## ${head(report)}: ${code(target.subject, 200)}${namespace}`,
    ...(report.interrupted === true ? ["", `**${partialNote}**`] : []),
    ...(diagnoses.length > 0 && !report.probed ? ["", unprobedNote] : []),
    ...(diagnoses.length === 0 ? ["", `Looked at ${examinedOf(report)}.`] : []),
    ...diagnoses.flatMap((diagnosis, index) => [
      "",
      ...diagnosisLines(diagnosis, diagnoses.length > 1 ? `${index + 1} of ${diagnoses.length}: ` : ""),
    ]),
    ...gapLines(report.gaps),
    ...footer(report),
  ];
  // Two blank lines in a row say no more than one.
  return `${lines.filter((line, index) => line !== "" || lines[index - 1] !== "").join("\n")}\n`;
};
