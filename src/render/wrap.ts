import { cellWidth, characterWidth } from "./cell-width.ts";

/** Long words may be parted behind these, as a reader would. */
const seams = "/,;&@=-:";

/**
 * A line that starts with `::` is an order to GitHub's runner (`::set-env`, `::add-mask::`; GHSA-mfwh-5m23-j46w),
 * and one that starts with `##` may be one to Azure's. Behind a backslash it is text.
 */
export function inert(word: string): string {
  return word.startsWith("::") || word.startsWith("##") ? `\\${word}` : word;
}

/** The head of a word that fits, and the rest. At least one character is taken, so it ends for every width. */
function part(word: string, width: number): [head: string, rest: string] {
  let end = 0;
  let seam = 0;
  let used = 0;
  for (const character of word) {
    used += characterWidth(character);
    if (used > width && end > 0) break;
    end += character.length;
    if (seams.includes(character) && used * 2 > width) seam = end;
  }
  if (end >= word.length) return [word, ""];
  const cut = seam > 0 ? seam : end;
  return [word.slice(0, cut), word.slice(cut)];
}

/**
 * Breaks plain text into lines of at most `width` cells, between words where possible. Never fewer than one line.
 * No line starts with what a CI system would obey.
 */
export function wrap(text: string, width: number): string[] {
  const limit = Math.max(1, Math.floor(width) || 1);
  const lines: string[] = [];
  let line = "";
  let used = 0;
  for (const found of text.split(" ")) {
    let word = found;
    if (word === "") continue;
    const gap = line === "" ? 0 : 1;
    const cells = cellWidth(word);
    if (used + gap + cells <= limit && !(gap === 0 && inert(word) !== word)) {
      line += `${gap === 1 ? " " : ""}${word}`;
      used += gap + cells;
      continue;
    }
    if (line !== "") lines.push(line);
    word = inert(word);
    while (cellWidth(word) > limit) {
      const [head, rest] = part(word, limit);
      // A mark that makes the rest harmless must not make it longer for ever: it needs room for more than itself.
      if (rest === "") break;
      lines.push(head);
      word = limit > 3 ? inert(rest) : rest;
    }
    line = word;
    used = cellWidth(word);
  }
  if (line !== "" || lines.length === 0) lines.push(line);
  return lines;
}
