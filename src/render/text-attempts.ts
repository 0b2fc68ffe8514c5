import type { Attempt } from "../domain/diagnosis.ts";
import { paragraph } from "./page.ts";
import type { Style } from "./style.ts";
import { drawTable } from "./table.ts";
import { answerOf } from "./words.ts";

function paintOutcome(attempt: Attempt, style: Style): (text: string) => string {
  if (attempt.outcome === "granted") return style.good;
  if (attempt.outcome === "refused") return style.bad;
  return attempt.outcome === "not asked" ? style.faint : style.warn;
}

/** What was asked with each login, and what came back: a small table, or a list where it is too narrow for one. */
export function textAttempts(attempts: readonly Attempt[], width: number, style: Style): string[] {
  if (attempts.length === 0) return [];
  const rows = attempts.map((attempt) => ({
    attempt,
    login: style.plain(attempt.credential, { limit: 160 }),
    from: style.plain(attempt.from, { limit: 80 }),
    step: style.plain(attempt.step, { limit: 40 }),
    detail: attempt.detail === undefined ? "" : style.plain(attempt.detail, { limit: 240 }),
  }));
  const table =
    width < 60
      ? undefined
      : drawTable(
          [
            { head: "Login", least: 16 },
            { head: "From", least: 8 },
            { head: "Step", least: 8 },
            { head: "Answer", least: 16 },
          ],
          rows.map(({ attempt, login, from, step, detail }) => [
            { text: login },
            { text: from },
            { text: step },
            {
              text: detail === "" ? answerOf(attempt, style.plain) : `${answerOf(attempt, style.plain)}: ${detail}`,
              paint: paintOutcome(attempt, style),
            },
          ]),
          width - 2,
          { head: style.faint, rule: style.glyphs.rule, faint: style.faint },
        );
  if (table !== undefined) return table.map((line) => `  ${line}`);
  return rows.flatMap(({ attempt, login, from, step, detail }) => [
    ...paragraph(`${login} (${from})`, width, 2),
    ...paragraph(
      `${step}: ${answerOf(attempt, style.plain)}${detail === "" ? "" : `: ${detail}`}`,
      width,
      4,
      paintOutcome(attempt, style),
    ),
  ]);
}
