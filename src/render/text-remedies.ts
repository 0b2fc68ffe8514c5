import type { Remedy } from "../domain/diagnosis.ts";
import { paragraph } from "./page.ts";
import { pasteable } from "./plain-text.ts";
import type { Style } from "./style.ts";

/** Prose is easier to read in lines that are not too long. */
export const proseWidth = 100;

/** What to do. A command stands on a line of its own, whole, with nothing before it but spaces, so that it can be copied. */
export function textRemedies(remedies: readonly Remedy[], width: number, style: Style): string[] {
  const lines = remedies.flatMap(({ title, command }, index) => {
    const number = remedies.length > 1 ? `${index + 1}. ` : "";
    const indent = number === "" ? 4 : 2 + number.length;
    const [first = "", ...rest] = paragraph(style.plain(title), Math.min(width, proseWidth), 2 + number.length);
    const told = [`  ${number}${first.trimStart()}`, ...rest];
    if (command === undefined) return told;
    const whole = pasteable(command);
    if (whole === undefined)
      return [
        ...told,
        ...paragraph("(The command holds a character that cannot be pasted, and is left out.)", width, indent),
      ];
    return [...told, "", " ".repeat(indent) + style.command(whole), ""];
  });
  if (lines.at(-1) === "") lines.pop();
  return lines;
}
