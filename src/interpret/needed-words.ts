/**
 * What a match needs, in lower case: one of the sides, each a text, or several parts that are all needed. A part is a text, or
 * sides again.
 */
type Needed = readonly (string | Parts)[];
type Parts = readonly (string | Needed)[];

/**
 * Texts that a match of an expression must contain; undefined where the expression demands none.
 * Looking for a text is a hundred times cheaper than compiling an expression, and hardly any of them fits a given message.
 * Errs on the side of undefined: classes, wildcards, look-arounds and what may be left out count for nothing.
 */
export function neededWords(pattern: RegExp): Needed | undefined {
  const reader: Reader = { source: pattern.source, at: 0 };
  const needed = alternation(reader);
  return reader.at === reader.source.length ? needed : undefined;
}

/** All words that expressions need, each once, and its number. */
const words: string[] = [];
const numbers = new Map<string, number>();

/** What each expression needs, as `flat` writes it. */
const known = new WeakMap<RegExp, string>();

/** False where an expression cannot fit a text, which is given in lower case; where it is true the expression must tell. */
export function mayFit(pattern: RegExp, lower: string): boolean {
  let needed = known.get(pattern);
  if (needed === undefined) {
    needed = flat(neededWords(pattern));
    known.set(pattern, needed);
  }
  let holds = true;
  for (let at = 0; at < needed.length; at += 1) {
    const number = needed.charCodeAt(at);
    if (number === endOfSide) {
      if (holds) return true;
      holds = true;
    } else if (holds) holds = lower.includes(words[number] ?? "");
  }
  return holds;
}

/** As `exec`, without a look where the text cannot fit. */
export function execIn(pattern: RegExp, text: string, lower: string): RegExpExecArray | null {
  return mayFit(pattern, lower) ? pattern.exec(text) : null;
}

const endOfSide = 0xffff;
/** Sides that are written for one expression; a group that would make more counts for nothing. */
const mostSides = 32;

/**
 * A string with the numbers of words, side by side: the hundreds of expressions stay in the executable's start-up snapshot, where
 * an array costs as much as a text. Nothing where nothing is needed.
 */
function flat(needed: Needed | undefined): string {
  const sides = needed === undefined ? [] : sidesOf(needed);
  return sides.map((side) => String.fromCharCode(...side.map(numberOf))).join(String.fromCharCode(endOfSide));
}

/** The words of each side, groups multiplied out. */
function sidesOf(needed: Needed): readonly (readonly string[])[] {
  return needed.flatMap((side) => (typeof side === "string" ? [[side]] : multipliedOut(side)));
}

function multipliedOut(parts: Parts): readonly (readonly string[])[] {
  return parts.reduce<readonly (readonly string[])[]>(
    (before, part) => {
      const sides = typeof part === "string" ? [[part]] : sidesOf(part);
      return before.length * sides.length > mostSides
        ? before
        : before.flatMap((some) => sides.map((more) => [...some, ...more]));
    },
    [[]],
  );
}

function numberOf(word: string): number {
  const number = numbers.get(word) ?? words.push(word) - 1;
  numbers.set(word, number);
  return number;
}

interface Reader {
  readonly source: string;
  at: number;
}

/** Shorter texts are in every message. */
const shortest = 3;

/** `a|b|c` up to the end or the closing bracket; nothing where one side needs nothing. */
function alternation(reader: Reader): Needed | undefined {
  const sides = [sequence(reader)];
  while (reader.source[reader.at] === "|") {
    reader.at += 1;
    sides.push(sequence(reader));
  }
  return sides.every((side) => side.length > 0) ? sides.map(plainly) : undefined;
}

/** A single text by itself. */
function plainly(side: Parts): string | Parts {
  return side.length === 1 && typeof side[0] === "string" ? side[0] : side;
}

/** All that a sequence needs; the longest text first, which is the rarest. */
function sequence(reader: Reader): Parts {
  const texts: string[] = [];
  const groups: Needed[] = [];
  // Joined at once: a string that grows letter by letter is a chain of its pieces.
  const run: string[] = [];
  const endRun = (): void => {
    if (run.length >= shortest) texts.push(run.join(""));
    run.length = 0;
  };
  for (let part = nextPart(reader); part !== undefined; part = nextPart(reader)) {
    if (part.kind === "nothing") continue;
    const times = quantifier(reader);
    if (part.kind === "letter" && times !== "maybe") {
      run.push(part.letter);
      if (times === "many") endRun();
      continue;
    }
    endRun();
    if (part.kind === "group" && part.needed !== undefined && times !== "maybe") groups.push(part.needed);
  }
  endRun();
  return [...texts.sort((a, b) => b.length - a.length), ...groups];
}

type Part =
  | { readonly kind: "letter"; readonly letter: string }
  | { readonly kind: "group"; readonly needed: Needed | undefined }
  /** A place, as `\b` and `^`: what stands before and after it stands side by side. */
  | { readonly kind: "nothing" }
  | { readonly kind: "anything" };

function nextPart(reader: Reader): Part | undefined {
  const character = reader.source[reader.at];
  if (character === undefined || character === "|" || character === ")") return undefined;
  reader.at += 1;
  switch (character) {
    case "^":
    case "$":
      return { kind: "nothing" };
    case ".":
      return { kind: "anything" };
    case "[":
      return characterClass(reader);
    case "(":
      return group(reader);
    case "\\":
      return escaped(reader);
    default:
      return letter(character);
  }
}

function letter(character: string): Part {
  return character < "\u0080" ? { kind: "letter", letter: character.toLowerCase() } : { kind: "anything" };
}

function escaped(reader: Reader): Part {
  const character = reader.source[reader.at] ?? "";
  reader.at += 1;
  if (character === "b" || character === "B") return { kind: "nothing" };
  // Other letters and digits are code points and references, whose operands would read as letters: nothing is built on them.
  if ("dDsSwWnrtfv".includes(character)) return { kind: "anything" };
  if (isWordCharacter(character)) reader.at = reader.source.length + 1;
  return letter(character);
}

function isWordCharacter(character: string): boolean {
  return (
    (character >= "a" && character <= "z") ||
    (character >= "A" && character <= "Z") ||
    (character >= "0" && character <= "9")
  );
}

function characterClass(reader: Reader): Part {
  for (; reader.at < reader.source.length && reader.source[reader.at] !== "]"; reader.at += 1) {
    if (reader.source[reader.at] === "\\") reader.at += 1;
  }
  reader.at += 1;
  return { kind: "anything" };
}

function group(reader: Reader): Part {
  const looksAround = opening(reader);
  const needed = alternation(reader);
  // An unbalanced or unknown bracket leaves a rest, which makes the whole undefined.
  if (reader.source[reader.at] === ")") reader.at += 1;
  return looksAround ? { kind: "anything" } : { kind: "group", needed };
}

/** Steps over `?:`, `?<name>`, `?=`, `?!`, `?<=` and `?<!`; whether what follows is only looked at. */
function opening(reader: Reader): boolean {
  const { source, at } = reader;
  if (source[at] !== "?") return false;
  const behind = source[at + 1] === "<" && (source[at + 2] === "=" || source[at + 2] === "!");
  const named = source[at + 1] === "<" && !behind;
  reader.at = named ? source.indexOf(">", at) + 1 : at + (behind ? 3 : 2);
  return behind || source[at + 1] === "=" || source[at + 1] === "!";
}

/** Reads the quantifier behind a part: whether the part may be left out, and whether it may come again. */
function quantifier(reader: Reader): "once" | "many" | "maybe" {
  const { source, at } = reader;
  const character = source[at];
  if (character !== "*" && character !== "+" && character !== "?" && character !== "{") return "once";
  reader.at = character === "{" ? source.indexOf("}", at) + 1 : at + 1;
  if (source[reader.at] === "?") reader.at += 1;
  return character === "+" || (character === "{" && source[at + 1] !== "0") ? "many" : "maybe";
}
