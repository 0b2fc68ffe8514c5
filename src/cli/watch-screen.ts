import type { Diagnosis } from "../domain/diagnosis.ts";
import type { Report } from "../domain/report.ts";
import type { NextTry } from "../interpret/next-try.ts";
import { render } from "../render/index.ts";
import { paragraph } from "../render/page.ts";
import { plainText } from "../render/plain-text.ts";
import { drawingFor } from "./drawing.ts";
import { type Options, value } from "./options.ts";
import type { World } from "./world.ts";

/** What one look of a watch saw. */
export interface Look {
  readonly report: Report;
  readonly tries: readonly NextTry[];
  /** Pods that were asked for, do not fail, and have not started yet. */
  readonly unsettled: number;
}

/** Shows looks, one after the other. */
export interface WatchScreen {
  /** `again` is when it is looked at again at the latest, in milliseconds since 1970; undefined for the last look. */
  show(look: Look, again: number | undefined): Promise<void>;
  /** Why the pods cannot be followed or read for now. */
  trouble(why: string): void;
}

/** A clean screen on a terminal, one line for each change in a pipe. */
export function openWatchScreen(options: Options, world: World): WatchScreen {
  const mayMove = world.stdout.isTTY === true && world.env["TERM"] !== "dumb";
  return mayMove ? terminal(options, world) : pipe(world);
}

function terminal(options: Options, world: World): WatchScreen {
  const { stdout } = world;
  let begun = false;
  return {
    async show(look, again) {
      const format = value(options, "output") === "wide" ? "wide" : "text";
      const drawing = drawingFor(world, options);
      const text = await render(format, look.report, drawing);
      if (!begun && again === undefined) {
        stdout.write(text);
        return;
      }
      const page = text.trimEnd().split("\n");
      const rows = stdout.rows || 24;
      // What stood there before is pushed up into the scroll-back, not lost.
      const clear = begun ? "" : "\n".repeat(rows - 1);
      begun = true;
      if (again === undefined) {
        stdout.write(`${clear}${drawn(page)}`);
        return;
      }
      const width = Math.max(20, stdout.columns || 80) - 1;
      const foot = footOf(look, again, world.now()).flatMap((each) => paragraph(each, width, 0));
      const room = Math.max(3, rows - 2 - foot.length);
      const more = `${drawing.unicode ? "…" : "..."} ${page.length - room + 1} more lines`;
      const shown = page.length <= room ? page : [...page.slice(0, room - 1), more];
      stdout.write(`${clear}${drawn([...shown, "", ...foot])}`);
    },
    trouble(why) {
      if (!begun) return;
      // Over the last line, which says when it goes on.
      const line = plainText(why, { limit: 400 }).slice(0, Math.max(20, (stdout.columns || 80) - 1));
      stdout.write(`\u001b[A\r\u001b[J${line}\n`);
    },
  };
}

/** From the top, over what stood there, line by line: there is no flicker, and nothing of the last page is left. */
function drawn(lines: readonly string[]): string {
  return `\u001b[H${lines.map((each) => `${each}\u001b[K\n`).join("")}\u001b[J`;
}

function pipe(world: World): WatchScreen {
  /** What stands by now: image and cause → its line. */
  let standing: ReadonlyMap<string, string> = new Map();
  let before = "";
  let troubled = "";
  return {
    async show(look, again) {
      const now = summary(look);
      troubled = "";
      if (now === before) return;
      before = now;
      const tries = again === undefined ? [] : look.tries;
      const lines = new Map(look.report.diagnoses.map((each) => [keyOf(each), line(each)]));
      const news = look.report.diagnoses
        .filter((each) => standing.get(keyOf(each)) !== lines.get(keyOf(each)))
        .map((each) => `${line(each)}${nextTryOf(each, tries)}`);
      const over = [...standing].flatMap(([key, text]) => (lines.has(key) ? [] : [`over  ${text}`]));
      standing = lines;
      const at = `${look.report.at.slice(0, 19)}Z`;
      const told = lines.size === 0 ? [idle(look)] : [...news, ...over];
      world.stdout.write(told.map((each) => `${at}  ${each}\n`).join(""));
    },
    trouble(why) {
      if (why === troubled) return;
      troubled = why;
      const at = new Date(world.now()).toISOString().slice(0, 19);
      world.stdout.write(`${at}Z  ${plainText(why, { limit: 400 })}\n`);
    },
  };
}

function keyOf({ code, image, containers }: Diagnosis): string {
  // Two groups may share both where their logins differ; where they are tells them apart.
  return JSON.stringify([code, image, containers[0]?.namespace]);
}

function line({ code, certainty, image, title, containers }: Diagnosis): string {
  const [only] = containers;
  const who = containers.length === 1 ? (only?.pod ?? only?.owner ?? "") : `${containers.length} containers`;
  return plainText(`${code}  ${certainty}  ${image}  ${who}  ${title}`, { limit: 400 });
}

function nextTryOf(diagnosis: Diagnosis, tries: readonly NextTry[]): string {
  const due = earliest(triesOf(diagnosis, tries));
  return due === undefined ? "" : `  (next try about ${clock(due)})`;
}

function triesOf({ containers }: Diagnosis, tries: readonly NextTry[]): readonly NextTry[] {
  const keys = new Set(containers.map(({ namespace, pod, container }) => `${namespace}/${pod}/${container}`));
  return tries.filter(({ namespace, pod, container }) => keys.has(`${namespace}/${pod}/${container}`));
}

/** When the first of these tries is expected; undefined where that cannot be said. */
export function earliest(tries: readonly NextTry[]): number | undefined {
  const known = tries.flatMap(({ at }) => (at === undefined ? [] : [at]));
  return known.length === 0 ? undefined : known.reduce((a, b) => Math.min(a, b));
}

function idle({ unsettled, report }: Look): string {
  if (unsettled === 0) return "nothing is failing";
  const what = unsettled === 1 ? "1 pod has" : `${unsettled} pods have`;
  return report.gaps.length === 0
    ? `nothing is failing, and ${what} not started yet`
    : `nothing is seen to fail, and ${what} not started yet or could not be read`;
}

/** When the kubelet tries again, and when it is looked at again. */
function footOf(look: Look, again: number, now: number): readonly string[] {
  const looking = `Looking again at ${clock(again)} or when a pod changes. Ctrl-C ends.`;
  if (look.report.diagnoses.length === 0) {
    const what = idle(look);
    return [`${what.charAt(0).toUpperCase()}${what.slice(1)}.`, looking];
  }
  const due = earliest(look.tries);
  if (due === undefined) {
    const tried = look.tries.length > 0;
    return [tried ? "The kubelet tries again within 5 minutes." : "When it is tried again cannot be told.", looking];
  }
  const several = new Set(look.tries.map(({ namespace, pod }) => `${namespace}/${pod}`)).size > 1;
  const when = due <= now ? "any moment" : `in about ${seconds(due - now)}, at ${clock(due)}`;
  return [
    `Next try of the kubelet${several ? ", the first of several" : ""}: ${when}.`,
    "Looking again after it, or when a pod changes. Ctrl-C ends.",
  ];
}

function seconds(milliseconds: number): string {
  const all = Math.max(1, Math.round(milliseconds / 1000));
  return all < 120 ? `${all} s` : `${Math.round(all / 60)} min`;
}

function clock(time: number): string {
  return `${new Date(time).toISOString().slice(11, 19)} UTC`;
}

/** What a change is: another verdict, or another set of containers. */
export function summary({ report, unsettled }: Look): string {
  const diagnoses = report.diagnoses.map(({ code, certainty, image, containers }) => [
    code,
    certainty,
    image,
    containers,
  ]);
  return JSON.stringify(diagnoses.length === 0 ? unsettled : diagnoses);
}
