import path from "node:path";

/** What `spawn` takes, with `windowsVerbatimArguments`. */
export interface BatchCommand {
  readonly file: string;
  readonly args: readonly string[];
}

export function isBatchFile(file: string): boolean {
  return /\.(bat|cmd)$/i.test(file);
}

/**
 * How Windows runs a batch file: through its command interpreter, with each argument in quotes so that nothing in it is an order.
 * Node starts none by itself, because its own quotes do not hold there (CVE-2024-27980). The rules are those of rust-lang/rust
 * library/std/src/sys/args/windows.rs (append_bat_arg): `""` for a quote, and before a `%` what names no variable but the end of
 * an empty one. Undefined for what cannot be said so: a line's end, or a quote in the file's name.
 */
export function batchCommand(
  file: string,
  args: readonly string[],
  systemRoot = "C:\\Windows",
): BatchCommand | undefined {
  if (file.includes('"') || [file, ...args].some((word) => /[\0\r\n]/.test(word))) return undefined;
  const line = [`"${file.replaceAll("%", literalPercent)}"`, ...args.map(quoted)].join(" ");
  return {
    file: path.win32.join(systemRoot, "System32", "cmd.exe"),
    // No autorun commands, `%` as above, and no variables in `!`.
    args: ["/d", "/e:on", "/v:off", "/s", "/c", `"${line}"`],
  };
}

/** `%cd:~,%` is the current directory's first no letters. */
const literalPercent = "%%cd:~,%";

function quoted(argument: string): string {
  const within = argument.split('"').map(doubledAtEnd).join('""');
  return `"${within.replaceAll("%", literalPercent)}"`;
}

/** Backslashes before a quote would be taken for its escape. */
function doubledAtEnd(run: string): string {
  let end = run.length;
  while (run[end - 1] === "\\") end -= 1;
  return run + run.slice(end);
}
