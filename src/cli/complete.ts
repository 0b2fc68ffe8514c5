import { exitCodes } from "./exit-code.ts";
import { type Flag, flags } from "./flags.ts";
import { commands } from "./help.ts";
import type { World } from "./world.ts";

/** What the shell does with the answers: cobra's ShellCompDirective (github.com/spf13/cobra completions.go). */
const directives = { default: 0, noFiles: 4 } as const;

interface Completion {
  readonly word: string;
  readonly text?: string;
}

/**
 * `__complete WORDS… TO_COMPLETE`, in cobra's protocol: one completion a line, its text after a tab, and a directive at the end.
 * Silent on every error: a shell that completes must not print a stack.
 */
export async function runComplete(argv: readonly string[], world: World, described: boolean): Promise<number> {
  let found: readonly Completion[] | "files" = [];
  try {
    found = await complete(argv.slice(0, -1), argv.at(-1) ?? "", world);
  } catch {
    found = [];
  }
  const lines =
    found === "files"
      ? []
      : found.map(({ word, text }) => (described && text !== undefined ? `${word}\t${text}` : word));
  world.stdout.write(`${[...lines, `:${found === "files" ? directives.default : directives.noFiles}`].join("\n")}\n`);
  return exitCodes.nothingFailing;
}

async function complete(
  before: readonly string[],
  last: string,
  world: World,
): Promise<readonly Completion[] | "files"> {
  const known = await flagsFor(before[0] ?? "");
  // After -- there are only names, whatever they look like.
  const onlyNames = before.includes("--");
  const assigned = onlyNames ? null : /^(--[^=]+)=(.*)$/s.exec(last);
  if (assigned?.[1] !== undefined) {
    const values = await valuesOf(flagOf(assigned[1], known), assigned[2] ?? "", before, world);
    return values === "files"
      ? values
      : values.map(({ word, ...rest }) => ({ word: `${assigned[1]}=${word}`, ...rest }));
  }
  const waiting = onlyNames ? undefined : flagOf(before.at(-1) ?? "", known);
  if (waiting !== undefined && waiting.kind !== "boolean") return valuesOf(waiting, last, before.slice(0, -1), world);
  if (last.startsWith("-") && !onlyNames) return matching(flagCompletions(before, known), last);
  const words = wordsOf(before, known);
  if (words[0] === "explain") return words.length === 1 ? matching(await causeCodes(), last) : [];
  if (words[0] === "completion")
    return matching(
      ["bash", "zsh", "fish"].map((word) => ({ word })),
      last,
    );
  if (commands.some(({ name }) => name === words[0])) return [];
  const named = words.length === 0 ? commands.map(({ name, text }) => ({ word: name, text })) : [];
  const fromCluster = await import("./complete-from-cluster.ts")
    .then(({ failingPods }) => failingPods(before, world))
    .catch(() => []);
  // A name that is there already is no use twice.
  return matching([...fromCluster.filter(({ word }) => !words.includes(word)), ...named], last);
}

/** The flags that may stand behind the first word: a command's own, or the diagnosis's. */
async function flagsFor(first: string): Promise<readonly Flag[]> {
  if (!commands.some(({ name }) => name === first)) return flags;
  return (await import("./command-help.ts")).commandFlags(first) ?? flags;
}

function flagOf(word: string, known: readonly Flag[]): Flag | undefined {
  return known.find((flag) => word === `--${flag.name}` || (flag.short !== undefined && word === `-${flag.short}`));
}

/** The words that are neither flags nor values of flags. */
function wordsOf(before: readonly string[], known: readonly Flag[]): string[] {
  const words: string[] = [];
  for (let index = 0; index < before.length; index += 1) {
    const word = before[index] ?? "";
    const flag = flagOf(word, known);
    if (word === "--") return [...words, ...before.slice(index + 1)];
    if (flag !== undefined && flag.kind !== "boolean") index += 1;
    else if (!word.startsWith("-")) words.push(word);
  }
  return words;
}

/** Flags that are not there yet; repeatable ones always. */
function flagCompletions(before: readonly string[], known: readonly Flag[]): Completion[] {
  return known
    .filter(
      (flag) => flag.kind === "repeatable" || !before.some((word) => flagOf(word.split("=")[0] ?? "", known) === flag),
    )
    .map((flag) => ({ word: `--${flag.name}`, text: flag.text }));
}

async function valuesOf(
  flag: Flag | undefined,
  typed: string,
  before: readonly string[],
  world: World,
): Promise<readonly Completion[] | "files"> {
  if (flag?.choices !== undefined)
    return matching(
      flag.choices.map((word) => ({ word })),
      typed,
    );
  if (flag?.value === "FILE" || flag?.value === "DIR") return "files";
  if (flag?.name === "context" || flag?.name === "namespace") {
    const { contexts, namespaces } = await import("./complete-from-cluster.ts");
    return matching(await (flag.name === "context" ? contexts : namespaces)(before, world), typed);
  }
  return [];
}

async function causeCodes(): Promise<Completion[]> {
  const { causes } = await import("../knowledge/causes/index.ts");
  return causes.map(({ code, title }) => ({ word: code, text: title }));
}

/** Names come from a cluster or a file: one with a line break or a tab would be read as several answers. */
function matching(completions: readonly Completion[], typed: string): Completion[] {
  return completions.filter(({ word }) => word.startsWith(typed) && !/\p{C}/u.test(word));
}
