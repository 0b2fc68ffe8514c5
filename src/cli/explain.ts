import { KnownError } from "../domain/known-error.ts";
import { drawingFor } from "./drawing.ts";
import { exitCodes } from "./exit-code.ts";
import { explainFlags } from "./explain-flags.ts";
import { nearest } from "./nearest.ts";
import { type Options, parseOptions, value } from "./options.ts";
import { untilStopped } from "./or-stopped.ts";
import type { World } from "./world.ts";

/**
 * `explain`, `explain CODE`, `explain --message TEXT`, `explain --stdin`: what a cause or a text means. Needs no cluster.
 * Gives the exit code; throws KnownError("usage").
 */
export async function runExplain(argv: readonly string[], world: World, program: string): Promise<number> {
  const options = parseOptions(argv, explainFlags, `${program} explain`);
  const format = value(options, "output") ?? "text";
  const message = value(options, "message");
  const asked = [options.words.length > 0, message !== undefined, options.on.has("stdin")].filter(Boolean).length;
  const see = `See ${program} explain --help.`;
  if (asked > 1 || options.words.length > 1) throw new KnownError("usage", "explain takes one thing at a time", see);
  if (options.values.has("reason") && message === undefined) {
    throw new KnownError("usage", "--reason is what stood beside a --message", see);
  }
  if (options.on.has("stdin")) await explainLines(format, world);
  else if (message !== undefined) await explainOne(message, options, format, world, program);
  else await explainCause(options.words[0], format, world, program);
  return world.interrupt.aborted ? exitCodes.interrupted : exitCodes.nothingFailing;
}

async function explainCause(code: string | undefined, format: string, world: World, program: string): Promise<void> {
  const { causeByCode, causes } = await import("../knowledge/causes/index.ts");
  const { explanationOf } = await import("./explanation-of.ts");
  const { renderCatalogue, renderExplanation } = await import("../render/catalogue.ts");
  const drawing = drawingFor(world);
  if (code === undefined) {
    world.stdout.write(await renderCatalogue(causes, format, drawing));
    return;
  }
  const cause = causeByCode.get(code);
  if (cause === undefined) {
    const near = nearest(code, [...causeByCode.keys()]);
    throw new KnownError(
      "usage",
      `there is no cause ${JSON.stringify(code)}`,
      /\s/.test(code)
        ? `Is it what a runtime said? Give it as: ${program} explain --message TEXT`
        : `${near === undefined ? "" : `Did you mean ${near}? `}List them with: ${program} explain`,
    );
  }
  world.stdout.write(await renderExplanation(explanationOf(cause), format, drawing));
}

async function explainOne(
  message: string,
  options: Options,
  format: string,
  world: World,
  program: string,
): Promise<void> {
  const { explainText } = await import("../interpret/explain-text.ts");
  const explained = explainText(message, value(options, "reason") ?? "");
  if (format === "json") world.stdout.write((await import("../render/json-text.ts")).jsonText(explained));
  else if (format === "yaml") world.stdout.write((await import("../render/yaml-text.ts")).yamlText(explained));
  else {
    const more = `What that means and what mends it: ${program} explain ${explained.code}`;
    world.stdout.write(`${sentence(explained)}\n${more}\n`);
  }
}

/** One line in, one line out, in order, whatever the line is; memory does not grow with the input. */
async function explainLines(format: string, world: World): Promise<void> {
  const { explainLine, explainText } = await import("../interpret/explain-text.ts");
  const say =
    format === "text"
      ? (line: string) => sentence(explainText(line))
      : (line: string) => JSON.stringify(explainLine(line));
  let batch = "";
  for await (const line of linesOf(untilStopped(world.interrupt, world.stdin))) {
    batch += `${say(line)}\n`;
    if (batch.length > 64 * 1024) {
      await write(batch, world);
      batch = "";
    }
  }
  if (batch !== "") await write(batch, world);
}

/** The code and its title, and what else it could be. Both are our own words: nothing of the pasted text is printed. */
function sentence({
  code,
  title,
  certainty,
  alternatives,
}: {
  readonly code: string;
  readonly title: string;
  readonly certainty: string;
  readonly alternatives: readonly string[];
}): string {
  const others = alternatives.length === 0 ? "" : ` (or ${alternatives.join(", ")})`;
  return `${code}: ${title}, ${certainty}${others}`;
}

async function write(text: string, { stdout }: World): Promise<void> {
  if (stdout.write(text) === false && stdout.once !== undefined) {
    await new Promise<void>((resolve) => stdout.once?.("drain", resolve));
  }
}

/** No failure text is longer; the rest of such a line is passed over. */
const longestLine = 1024 * 1024;

/** Lines of a stream without their line feed; a last line without one counts, an empty end does not. */
async function* linesOf(stream: AsyncIterable<string | Uint8Array>): AsyncGenerator<string> {
  const decoder = new TextDecoder();
  let rest = "";
  let dropping = false;
  for await (const chunk of stream) {
    const text = typeof chunk === "string" ? chunk : decoder.decode(chunk, { stream: true });
    let start = 0;
    for (let end = text.indexOf("\n", start); end >= 0; end = text.indexOf("\n", start)) {
      yield dropping ? rest : rest + text.slice(start, end);
      rest = "";
      dropping = false;
      start = end + 1;
    }
    if (dropping) continue;
    rest += text.slice(start);
    if (rest.length > longestLine) {
      rest = rest.slice(0, longestLine);
      dropping = true;
    }
  }
  if (rest !== "") yield rest;
}
