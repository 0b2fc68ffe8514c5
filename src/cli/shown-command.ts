/** Flags whose value is, or may hold, a secret. */
const secret = new Set(["token"]);

/** The command as one would type it again, quoted for a POSIX shell, without any secret. */
export function shownCommand(program: string, argv: readonly string[]): string {
  const shown: string[] = [];
  for (let index = 0; index < argv.length; index += 1) {
    const argument = argv[index] ?? "";
    const [, name, equals] = /^--([^=]+)(=)?/.exec(argument) ?? [];
    if (name !== undefined && secret.has(name)) {
      shown.push(`--${name}`, "…");
      if (equals === undefined) index += 1;
      continue;
    }
    shown.push(quoted(withoutUserinfo(argument)));
  }
  return [program, ...shown].join(" ");
}

/** `--server https://user:pw@host` and the like. */
function withoutUserinfo(argument: string): string {
  return argument.replace(/(\w{2,10}:\/\/)[^/?#\s]*@/g, "$1");
}

function quoted(argument: string): string {
  return /^[\w@%+=:,./-]+$/.test(argument) ? argument : `'${argument.replaceAll("'", "'\\''")}'`;
}
