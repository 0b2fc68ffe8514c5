import { plainText } from "./plain-text.ts";

/**
 * Text as a code span, in which nothing is markup, and neither GitHub nor GitLab looks for mentions, issue numbers or links.
 * The fence is longer than any run of back-ticks inside (https://github.github.com/gfm/#code-spans).
 */
export function codeSpan(plain: string): string {
  if (plain === "") return "";
  let longest = 0;
  let run = 0;
  for (const character of plain) {
    run = character === "`" ? run + 1 : 0;
    longest = Math.max(longest, run);
  }
  const fence = "`".repeat(longest + 1);
  const pad = plain.startsWith("`") || plain.endsWith("`") ? " " : "";
  return fence + pad + plain + pad + fence;
}

/** Text of others, plain and as code. */
export function code(text: string, limit?: number): string {
  return codeSpan(plainText(text, limit === undefined ? {} : { limit }));
}

/** A code span in a table cell, where a bar would end the cell even inside code. */
export function cellCode(text: string, limit?: number): string {
  return codeSpan(plainText(text, limit === undefined ? {} : { limit }).replaceAll("|", "<U+007C>"));
}

/** A word, perhaps with hyphens or an apostrophe, or a small number: nothing that any tracker links, and nothing that is markup. */
const harmless = /^(?:[A-Za-z]+(?:['\u2019-][a-z]+)*|\d{1,3}%?)$/;
const openings = "\"'(";
const closings = "\"').,;:?!";

/** What a tracker makes a link of although it is a word: a commit's hash, or `GH-12` (no digits here, so only the former). */
const hash = /^[0-9a-f]{7,}$/;

function word(text: string): string {
  let from = 0;
  let to = text.length;
  while (from < to && openings.includes(text.charAt(from))) from++;
  while (to > from && closings.includes(text.charAt(to - 1))) to--;
  const head = text.slice(0, from);
  const middle = text.slice(from, to);
  const tail = text.slice(to);
  const plain = middle === "–" || middle === "…" || (harmless.test(middle) && !hash.test(middle));
  if (plain || (text.length === 1 && closings.includes(text))) return text;
  // Signs alone (`::`, `)(`) become code as a whole, and so does a long tail of them.
  return middle === "" || tail.length > 3 ? codeSpan(text) : head + codeSpan(middle) + tail;
}

function words(text: string): string {
  return text
    .split(" ")
    .map((found) => (found === "" ? "" : word(found)))
    .join(" ");
}

/**
 * Our own sentences, in which names of others may stand: plain words stay as they are, everything else becomes code
 * (names, hosts, paths, `@team`, `#12`, `AB-12`, links, HTML), so that none of it can become markup, a link, a mention or a reference.
 * What stands between back-ticks in pairs is code as it was meant.
 */
export function prose(text: string, limit = 2000): string {
  const plain = plainText(text, { limit });
  // `1.` or `1)` at the start would begin a list.
  const number = /^\d+[.)]+(?= |$)/.exec(plain)?.[0] ?? "";
  const rest = plain.slice(number.length);
  const pieces = rest.split("`");
  // Pieces hold no back-tick, so each span has single ones, and where two touch they are read as one longer span.
  const paired = pieces.length % 2 === 1;
  const shown = paired
    ? pieces.map((piece, index) => (index % 2 === 1 ? codeSpan(piece) : words(piece)))
    : [words(rest)];
  return codeSpan(number) + shown.join("");
}

/** A command in a fenced block that its back-ticks cannot close. */
export function commandBlock(command: string, indent: string): string[] {
  let fence = "```";
  while (command.includes(fence)) fence += "`";
  return [`${indent}${fence}sh`, indent + command, indent + fence];
}
