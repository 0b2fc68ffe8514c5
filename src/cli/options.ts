import yargs, { type Argv } from "yargs";
import { KnownError } from "../domain/known-error.ts";
import type { Flag } from "./flags.ts";
import { nearest } from "./nearest.ts";
import { normaliseArgv } from "./normalise-argv.ts";

/** The command line, read: words in order, switches that are on, values by flag name. */
export interface Options {
  readonly words: readonly string[];
  readonly on: ReadonlySet<string>;
  readonly values: ReadonlyMap<string, readonly string[]>;
}

/** The last value of a flag, as pflag takes it. */
export function value(options: Options, name: string): string | undefined {
  return options.values.get(name)?.at(-1);
}

/**
 * Reads the command line with yargs, by the rules of kubectl's parser (pflag): the last of a repeated value wins,
 * `--flag=value` and `--flag value`, `--` ends the flags, and an unknown flag is an error that names the nearest.
 * Throws KnownError("usage").
 */
export function parseOptions(argv: readonly string[], known: readonly Flag[], program: string): Options {
  const normal = normaliseArgv(argv);
  // Before the parser, which stumbles over flags that are called like parts of every object.
  const joined = withValuesJoined(normal, known, program);
  const raw: Record<string, unknown> = { ...parserOf(known).parseSync(joined) };

  const on = new Set<string>();
  const values = new Map<string, readonly string[]>();
  for (const flag of known) {
    const given = raw[flag.name];
    if (given === undefined) continue;
    if (flag.kind === "boolean") {
      const last: unknown = Array.isArray(given) ? given.at(-1) : given;
      if (last === true) on.add(flag.name);
      continue;
    }
    const texts = (Array.isArray(given) ? given : [given]).filter((each) => typeof each === "string");
    if (texts.length === 0 || texts.some((text) => text === "" && flag.choices !== undefined)) {
      throw usage(`flag needs a value: --${flag.name}`, `Give it as --${flag.name} ${flag.value ?? "VALUE"}.`);
    }
    checkChoice(flag, texts);
    values.set(flag.name, texts);
  }
  return { words: words(raw["_"]), on, values };
}

const parsers = new WeakMap<readonly Flag[], Argv>();

/** Made once for each list of flags; it can parse again and again. */
function parserOf(known: readonly Flag[]): Argv {
  const kept = parsers.get(known);
  if (kept !== undefined) return kept;
  const made = yargs([])
    .help(false)
    .version(false)
    .exitProcess(false)
    .parserConfiguration({
      "boolean-negation": false,
      "camel-case-expansion": false,
      "dot-notation": false,
      "duplicate-arguments-array": true,
      "flatten-duplicate-arrays": true,
      "greedy-arrays": false,
      "parse-numbers": false,
      "parse-positional-numbers": false,
      "short-option-groups": false,
      "populate--": false,
    })
    // In four calls: one for each flag takes yargs four times as long.
    .boolean(namesOf(known, true))
    .array(namesOf(known, false))
    .string(namesOf(known, false))
    .alias(Object.fromEntries(known.flatMap(({ name, short }) => (short === undefined ? [] : [[name, short]]))))
    .fail(false);
  parsers.set(known, made);
  return made;
}

function namesOf(known: readonly Flag[], boolean: boolean): string[] {
  return known.filter(({ kind }) => (kind === "boolean") === boolean).map(({ name }) => name);
}

function checkChoice(flag: Flag, texts: readonly string[]): void {
  const { choices } = flag;
  if (choices === undefined) return;
  for (const text of texts) {
    if (choices.includes(text)) continue;
    const near = nearest(text, choices);
    throw usage(
      `--${flag.name} does not know ${JSON.stringify(text)}`,
      `${near === undefined ? "" : `Did you mean ${near}? `}It takes ${choices.join(", ")}.`,
    );
  }
}

/**
 * Walks the arguments as pflag does: a flag that takes a value takes the next argument, whatever it looks like (`-f -`).
 * Gives them with each such value written as `--flag=value`, for the parser would take it for a flag.
 */
function withValuesJoined(argv: readonly string[], known: readonly Flag[], program: string): string[] {
  const byName = new Map(known.flatMap((flag) => [flag.name, flag.short ?? []].flat().map((name) => [name, flag])));
  const joined: string[] = [];
  for (let index = 0; index < argv.length; index += 1) {
    const argument = argv[index] ?? "";
    if (argument === "--") return [...joined, ...argv.slice(index)];
    const [, name, equals] = /^--?([^=]+)(=)?/.exec(argument) ?? [];
    const flag = name === undefined || argument === "-" ? undefined : byName.get(name);
    if (flag === undefined && name !== undefined && argument !== "-") throw unknownFlag(argument, name, known, program);
    const given = equals === undefined ? argv[index + 1] : argument.slice(argument.indexOf("=") + 1);
    if (flag === undefined || given === undefined) joined.push(argument);
    else if (flag.kind === "boolean") joined.push(equals === undefined ? argument : switched(flag, argument));
    else {
      if (given !== "" || !isOfKubectl(flag)) joined.push(`--${flag.name}=${given}`);
      if (equals === undefined) index += 1;
    }
  }
  return joined;
}

/** kubectl takes an empty value of its own flags for none: scripts write `--context "$CONTEXT"`. */
function isOfKubectl({ name, group, kind }: Flag): boolean {
  return kind === "value" && (group === "Cluster" || name === "namespace" || name === "selector");
}

/** `--flag=VALUE` of a switch with the value as Go's strconv.ParseBool reads it; what is none is refused, as pflag refuses it. */
function switched(flag: Flag, argument: string): string {
  const text = argument.slice(argument.indexOf("=") + 1);
  if (/^(1|t|T|true|TRUE|True)$/.test(text)) return `--${flag.name}=true`;
  if (/^(0|f|F|false|FALSE|False)$/.test(text)) return `--${flag.name}=false`;
  throw usage(`--${flag.name} does not understand ${JSON.stringify(text)}`, "Write true or false, or nothing.");
}

function unknownFlag(argument: string, name: string, known: readonly Flag[], program: string): KnownError {
  const near = nearest(name, ["help", ...known.map((flag) => flag.name)]);
  return usage(
    `unknown flag: ${argument.startsWith("--") ? "--" : "-"}${name}`,
    near === undefined ? `See ${program} --help.` : `Did you mean --${near}? See ${program} --help.`,
  );
}

function words(raw: unknown): string[] {
  return Array.isArray(raw) ? raw.map(String) : [];
}

function usage(message: string, hint: string): KnownError {
  return new KnownError("usage", message, hint);
}
