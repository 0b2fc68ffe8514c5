import { KnownError } from "../domain/known-error.ts";
import { bugReport } from "./bug-report.ts";
import { exitCodes } from "./exit-code.ts";
import { programName, type World } from "./world.ts";

/**
 * Runs the program: picks the command, and turns what is thrown into one sentence and an exit code.
 * Each command is loaded only when it is asked for, so that `version` and completion start like a native tool.
 */
export async function main(argv: readonly string[], world: World): Promise<number> {
  try {
    return await run(argv, world);
  } catch (error) {
    return report(error, argv, world);
  }
}

async function run(argv: readonly string[], world: World): Promise<number> {
  const program = programName(world.calledAs);
  const [command] = argv;
  if (command !== undefined && isCommand(command) && asksForHelp(argv)) return help(argv, world, program);
  switch (command) {
    case "version":
    case "--version":
      return (await import("./run-version.ts")).runVersion(argv.slice(1), world);
    case "__complete":
    case "__completeNoDesc":
      return (await import("./complete.ts")).runComplete(argv.slice(1), world, command === "__complete");
    case "completion":
      return (await import("./completion-script.ts")).runCompletion(argv.slice(1), world, program);
    case "explain":
      return (await import("./explain.ts")).runExplain(argv.slice(1), world, program);
    case "rbac":
      return (await import("./run-rbac.ts")).runRbac(argv.slice(1), world, program);
    default:
  }
  if (asksForHelp(argv)) return help(argv, world, program);
  return (await import("./run-diagnose.ts")).runDiagnose(argv, world, program);
}

function isCommand(word: string): boolean {
  return word === "explain" || word === "rbac" || word === "completion" || word === "version";
}

/** `COMMAND --help` and `help COMMAND` are about the command, all else about the program. */
async function help([first, second = ""]: readonly string[], world: World, program: string): Promise<number> {
  const columns = world.stdout.columns ?? 80;
  const command = first === "help" ? second : first;
  const text =
    command !== undefined && isCommand(command)
      ? (await import("./command-help.ts")).commandHelp(command, program, columns)
      : undefined;
  world.stdout.write(text ?? (await import("./help.ts")).helpText(program, columns));
  return exitCodes.nothingFailing;
}

/** `help`, `-h`, `--help`, before any `--`. */
function asksForHelp(argv: readonly string[]): boolean {
  const end = argv.indexOf("--");
  const before = end < 0 ? argv : argv.slice(0, end);
  return before[0] === "help" || before.includes("--help") || before.includes("-h");
}

async function report(error: unknown, argv: readonly string[], world: World): Promise<number> {
  if (error instanceof KnownError) {
    const { redactUrls } = await import("../render/redact-urls.ts");
    const printable = (text: string) => withoutHidden(redactUrls(text));
    const meant = await commandMeant(argv[0] ?? "");
    // On a line of its own: what stands before it may be a command to paste.
    const or = meant === undefined ? "" : `\nOr was the command meant: ${programName(world.calledAs)} ${meant}?`;
    world.stderr.write(`error: ${printable(error.message)}\n${printable(error.hint)}${or}\n`);
    return error.code === "usage" ? exitCodes.usage : exitCodes.clusterUnreadable;
  }
  if (world.interrupt.aborted) return exitCodes.interrupted;
  world.stderr.write(bugReport(error));
  return exitCodes.bug;
}

/** The command that a first word is a misspelling of; such a word is taken for a pod's name. */
async function commandMeant(word: string): Promise<string | undefined> {
  if (!/^[a-z]+$/.test(word) || isCommand(word)) return undefined;
  const { nearest } = await import("./nearest.ts");
  const { commands } = await import("./help.ts");
  return nearest(
    word,
    commands.map(({ name }) => name),
  );
}

/** Names in messages come from the command line and the cluster: no control or bidi character gets through. */
function withoutHidden(text: string): string {
  return text
    .replace(/[\p{Cc}\p{Cf}\p{Co}\p{Cs}\u2028\u2029]/gu, (found) => (found === "\n" ? "\n" : "?"))
    .slice(0, 2_000);
}
