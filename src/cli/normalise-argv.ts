import { flags } from "./flags.ts";

const takesValue = new Set(flags.filter((flag) => flag.kind !== "boolean").flatMap((flag) => flag.short ?? []));
const isSwitch = new Set(flags.filter((flag) => flag.kind === "boolean").flatMap((flag) => flag.short ?? []));

/**
 * Short flags as pflag reads them, written out for a parser that reads them otherwise:
 * `-nshop` and `-n=shop` → `-n shop`; `-Av` → `-A -v`; what follows `--` stays as it is.
 * (github.com/spf13/pflag flag.go, parseSingleShortArg)
 */
export function normaliseArgv(argv: readonly string[]): string[] {
  const out: string[] = [];
  let ended = false;
  for (const argument of argv) {
    if (argument === "--") ended = true;
    if (ended || !/^-[A-Za-z]./.test(argument)) out.push(argument);
    else out.push(...expand(argument));
  }
  return out;
}

function expand(argument: string): string[] {
  const out: string[] = [];
  for (let index = 1; index < argument.length; index += 1) {
    const letter = argument[index] ?? "";
    if (takesValue.has(letter)) {
      const value = argument.slice(index + 1).replace(/^=/, "");
      out.push(`-${letter}`);
      if (index + 1 < argument.length) out.push(value);
      return out;
    }
    if (isSwitch.has(letter) && argument[index + 1] === "=") return [...out, `-${argument.slice(index)}`];
    if (!isSwitch.has(letter) && letter !== "h") return [...out, `-${argument.slice(index)}`];
    out.push(`-${letter}`);
  }
  return out;
}
