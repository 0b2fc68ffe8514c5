import { isHidden } from "./hidden-characters.ts";

/** `\u202e`, in two halves where the character needs them. */
function escaped(character: string): string {
  let text = "";
  for (let unit = 0; unit < character.length; unit++) {
    text += `\\u${character.charCodeAt(unit).toString(16).padStart(4, "0")}`;
  }
  return text;
}

/**
 * JSON that is safe to look at: what hides, moves the cursor or turns the reading direction is escaped, and so is the `#` of
 * `##[` and `##vso[`, which CI systems obey anywhere in a line. Parsed, it is the same value. Ends with a line feed.
 */
export function jsonText(value: unknown): string {
  const parts: string[] = [];
  // Outside strings JSON.stringify writes ASCII, spaces and line feeds only, so whatever is escaped here is inside one.
  for (const character of JSON.stringify(value, undefined, 2)) {
    parts.push(character !== "\n" && isHidden(character) ? escaped(character) : character);
  }
  return `${parts.join("").replaceAll("##[", "#\\u0023[").replaceAll("##vso[", "#\\u0023vso[")}\n`;
}
