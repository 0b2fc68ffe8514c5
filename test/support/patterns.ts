import { globSync, readFileSync } from "node:fs";
import { pathToFileURL } from "node:url";
import { parseSync } from "@swc/core";

/** A regular expression of the program, and the file that it is in. */
export interface Pattern {
  readonly file: string;
  readonly source: string;
  readonly flags: string;
}

/** The longest text that reaches a regular expression, in characters (src/collect/json-values.ts, src/interpret/peel-log.ts). */
export const longestText = 16_384;

function sourceFiles(): string[] {
  return globSync("src/**/*.ts")
    .map((file) => file.replaceAll("\\", "/"))
    .filter((file) => !file.endsWith(".d.ts"))
    .sort();
}

/** Every regular expression that is written out in the sources. */
export function writtenPatterns(): Pattern[] {
  return sourceFiles().flatMap((file) => {
    const found: Pattern[] = [];
    visit(parseSync(readFileSync(file, "utf8"), { syntax: "typescript", target: "esnext" }), (node) => {
      if (node["type"] !== "RegExpLiteral") return;
      found.push({ file, source: String(node["pattern"]), flags: String(node["flags"]) });
    });
    return found;
  });
}

/** Files that put regular expressions together while they run. */
export function filesThatCompile(): string[] {
  return sourceFiles().filter((file) => {
    let compiles = false;
    visit(parseSync(readFileSync(file, "utf8"), { syntax: "typescript", target: "esnext" }), (node) => {
      const callee = node["callee"];
      const called = typeof callee === "object" && callee !== null && "value" in callee ? callee.value : undefined;
      if ((node["type"] === "NewExpression" || node["type"] === "CallExpression") && called === "RegExp")
        compiles = true;
    });
    return compiles;
  });
}

/** Every regular expression that the modules of `src` put together when they are loaded, as it really is. */
export async function compiledPatterns(): Promise<Pattern[]> {
  const found: Pattern[] = [];
  const native = globalThis.RegExp;
  globalThis.RegExp = new Proxy(native, {
    construct(target, given: [string | RegExp, string?], newTarget) {
      const made: RegExp = Reflect.construct(target, given, newTarget);
      // The message, this function, and who called it.
      const caller = new Error().stack?.split("\n")[2] ?? "";
      const file = caller.includes("node_modules") ? undefined : /\/(src\/[\w/.-]+\.ts)/.exec(caller)?.[1];
      if (file !== undefined) found.push({ file, source: made.source, flags: made.flags });
      return made;
    },
  });
  try {
    for (const file of sourceFiles()) {
      if (file !== "src/cli/entry.ts") await import(pathToFileURL(file).href);
    }
  } finally {
    globalThis.RegExp = native;
  }
  return found;
}

function visit(node: unknown, see: (node: Readonly<Record<string, unknown>>) => void): void {
  if (Array.isArray(node)) {
    for (const each of node) visit(each, see);
  } else if (typeof node === "object" && node !== null) {
    see(node as Readonly<Record<string, unknown>>);
    for (const each of Object.values(node)) visit(each, see);
  }
}

/** What recheck (https://makenowjust-labs.github.io/recheck/) says of a regular expression. */
export interface PatternVerdict {
  readonly source: string;
  readonly flags: string;
  readonly growth: "linear" | "polynomial" | "exponential" | "undecided";
  /** The text that it takes longest for: what stands before each piece that is repeated, the piece, and the end. */
  readonly attack?: { readonly pumps: readonly (readonly [prefix: string, pump: string])[]; readonly suffix: string };
}

/** The worst text that is known for a pattern, as long as a text can be. */
export function attackText({ pumps, suffix }: NonNullable<PatternVerdict["attack"]>): string {
  const once = pumps.reduce((sum, [, pump]) => sum + pump.length, 0);
  const fixed = pumps.reduce((sum, [prefix]) => sum + prefix.length, suffix.length);
  const times = Math.max(1, Math.floor((longestText - fixed) / Math.max(1, once)));
  return pumps.map(([prefix, pump]) => prefix + pump.repeat(times)).join("") + suffix;
}

/** What a ledger of verdicts and a list of patterns have in common. */
export function patternKey({ source, flags }: Pick<Pattern, "source" | "flags">): string {
  return `/${source}/${flags}`;
}

const ledger = "test/support/pattern-verdicts.jsonl";

/** The verdicts that are kept, by pattern. */
export function readVerdicts(): Map<string, PatternVerdict> {
  const lines = readFileSync(ledger, "utf8").split("\n");
  const verdicts = lines.filter((line) => line !== "").map((line) => JSON.parse(line) as PatternVerdict);
  return new Map(verdicts.map((verdict) => [patternKey(verdict), verdict]));
}

export { ledger };

/** Asks recheck, for at most so many milliseconds. */
export async function judgePattern(source: string, flags: string, timeout: number): Promise<PatternVerdict> {
  const { check } = await import("recheck");
  const said = await check(source, flags, { timeout });
  if (said.status === "unknown") return { source, flags, growth: "undecided" };
  if (said.status === "safe") return { source, flags, growth: "linear" };
  const { pumps, suffix } = said.attack;
  const growth = said.complexity.type === "exponential" ? "exponential" : "polynomial";
  return { source, flags, growth, attack: { pumps: pumps.map(({ prefix, pump }) => [prefix, pump]), suffix } };
}
