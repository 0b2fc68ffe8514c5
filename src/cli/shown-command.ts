/** Flags whose value is, or may hold, a secret. */
const secret = new Set(["token"]);

/** The command as one would type it again, quoted for a POSIX shell or on Windows (`win32-x64`) for its shells, without any secret. */
export function shownCommand(program: string, argv: readonly string[], platform: string): string {
  const quoted = platform.startsWith("win32") ? quotedOnWindows : quotedForPosix;
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

function quotedForPosix(argument: string): string {
  return /^[\w@%+=:,./-]+$/.test(argument) ? argument : `'${argument.replaceAll("'", "'\\''")}'`;
}

/** For PowerShell and the command prompt alike; what only one of them would read in double quotes, for PowerShell. */
function quotedOnWindows(argument: string): string {
  if (/^[\w+=:./\\-][\w+=:./\\~-]*$/.test(argument)) return argument;
  return /["$`%]/.test(argument) ? `'${argument.replaceAll("'", "''")}'` : `"${argument}"`;
}
