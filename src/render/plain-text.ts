import { isHidden } from "./hidden-characters.ts";
import { redactUrls } from "./redact-urls.ts";

/** Characters of a field, at most, where its place allows no other number: messages of others can be endless. */
const defaultLimit = 500;

/** More combining marks than this on one letter are not writing but noise that climbs over other lines. */
const mostMarks = 3;

const combining = /\p{M}/u;

export interface PlainOptions {
  /** Characters of the result, at most; what is cut off is counted in a mark behind it. Default 500. */
  readonly limit?: number;
  /** Show everything outside ASCII by its number. */
  readonly ascii?: boolean;
}

/** `U+202E` in angle brackets: how a character is shown that must not be printed. */
function codePointMark(character: string): string {
  const code = character.codePointAt(0) ?? 0;
  return `<U+${code.toString(16).toUpperCase().padStart(4, "0")}>`;
}

function mark(character: string): string {
  const code = character.codePointAt(0) ?? 0;
  if (code === 0x1b) return "^[";
  if (code < 0x20) return `^${String.fromCharCode(code + 0x40)}`;
  if (code === 0x7f) return "^?";
  return codePointMark(character);
}

/**
 * Text of others made fit to print: one line, no character that moves a cursor, hides, or turns the reading direction.
 * Such characters are shown (`^[`, `<U+202E>`); line feeds and tabs become a space. `##[` and `##vso[`, which CI systems obey
 * anywhere in a line, lose their meaning by a backslash; `::` at the start of a line is `wrap`'s care, which makes the lines.
 * URLs lose what may be secret in them, before anything is cut. Time is linear.
 */
export function plainText(words: string, options: PlainOptions = {}): string {
  const text = redactUrls(words);
  const limit = options.limit ?? defaultLimit;
  const parts: string[] = [];
  let length = 0;
  let read = 0;
  let marks = mostMarks;
  let last = "";
  for (const character of text) {
    if (length >= limit) break;
    read += character.length;
    const isMark = character > "\u007f" && combining.test(character);
    marks = isMark ? marks + 1 : 0;
    let shown = character;
    if (character === "\n" || character === "\t" || (character === "\r" && text[read] === "\n")) shown = " ";
    else if (isHidden(character) || (isMark && marks > mostMarks)) shown = mark(character);
    else if (options.ascii === true && character > "\u007e") shown = codePointMark(character);
    if (shown === " " && last === " " && character !== " ") continue;
    parts.push(shown);
    length += shown.length;
    last = shown;
  }
  const left = text.length - read;
  const ellipsis = options.ascii === true ? "..." : "…";
  const plain = parts.join("").replaceAll("##[", "#\\#[").replaceAll("##vso[", "#\\#vso[").trim();
  return left > 0 ? `${plain}${ellipsis} (${left} more characters)` : plain;
}

/**
 * A name that by its grammar is ASCII (an image, a host, an object of the cluster): other letters are shown by their number,
 * since a Cyrillic `а` in `ghcr.io` is what nobody would see.
 */
export function plainName(name: string, limit = 300): string {
  return plainText(name, { limit, ascii: true });
}

/**
 * The command as it may be printed for pasting; undefined where it holds a line break or a character that does not show,
 * or what a CI system would take for an order to itself.
 */
export function pasteable(command: string): string | undefined {
  if (command.length > 8000) return undefined;
  if (/^\s*(?:::|##)|##\[|##vso\[/.test(command)) return undefined;
  for (const character of command) if (isHidden(character)) return undefined;
  return command;
}
