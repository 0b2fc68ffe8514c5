/** A JSON value that knows where it stands; object members keep their order and their duplicates. Offsets are in UTF-16 units. */
export type JsonNode =
  | { readonly kind: "object"; readonly at: number; readonly members: readonly JsonMember[] }
  | { readonly kind: "array"; readonly at: number; readonly items: readonly JsonNode[] }
  | { readonly kind: "string"; readonly at: number; readonly text: string }
  | { readonly kind: "number" | "boolean" | "null"; readonly at: number };

export interface JsonMember {
  readonly key: string;
  readonly at: number;
  readonly value: JsonNode;
}

export type ScannedJson =
  | { readonly ok: true; readonly value: JsonNode }
  | { readonly ok: false; readonly at: number; readonly why: "syntax" | "depth" | "end" | "trailing" };

/** Go's encoding/json stops here (scanner.go maxNestingDepth). */
const deepest = 10_000;

type Open =
  | { readonly kind: "object"; readonly at: number; readonly members: JsonMember[]; key: string; keyAt: number }
  | { readonly kind: "array"; readonly at: number; readonly items: JsonNode[] };

class JsonRefusal {
  readonly at: number;
  readonly why: "syntax" | "depth" | "end" | "trailing";
  constructor(at: number, why: "syntax" | "depth" | "end" | "trailing") {
    this.at = at;
    this.why = why;
  }
}

/**
 * RFC 8259 as Go's json.Unmarshal takes it: one value, nothing after it, at most 10 000 levels. Linear, without recursion, so that
 * no payload overflows a stack. Refusals carry a place and never a character: JSON.parse quotes its input, which is a secret here.
 */
export function scanJson(text: string): ScannedJson {
  try {
    return { ok: true, value: scan(text) };
  } catch (error) {
    if (error instanceof JsonRefusal) return { ok: false, at: error.at, why: error.why };
    throw error;
  }
}

function scan(text: string): JsonNode {
  const open: Open[] = [];
  let at = skipSpace(text, 0);
  for (;;) {
    // One value starts here: a container is opened, anything else is complete at once.
    let done: JsonNode | undefined;
    const first = text[at];
    if (first === "{" || first === "[") {
      if (open.length >= deepest) throw new JsonRefusal(at, "depth");
      const start = at;
      at = skipSpace(text, at + 1);
      if (text[at] === (first === "{" ? "}" : "]")) {
        done = first === "{" ? { kind: "object", at: start, members: [] } : { kind: "array", at: start, items: [] };
        at += 1;
      } else if (first === "[") {
        open.push({ kind: "array", at: start, items: [] });
        continue;
      } else {
        const object: Open = { kind: "object", at: start, members: [], key: "", keyAt: at };
        open.push(object);
        at = readKey(text, at, object);
        continue;
      }
    } else {
      const scalar = readScalar(text, at);
      done = scalar.node;
      at = scalar.end;
    }
    // Close what it completes.
    for (;;) {
      at = skipSpace(text, at);
      const parent = open.at(-1);
      if (parent === undefined) {
        if (at < text.length) throw new JsonRefusal(at, "trailing");
        return done;
      }
      if (parent.kind === "array") parent.items.push(done);
      else parent.members.push({ key: parent.key, at: parent.keyAt, value: done });
      if (text[at] === ",") {
        at = skipSpace(text, at + 1);
        if (parent.kind === "object") at = readKey(text, at, parent);
        break;
      }
      if (text[at] !== (parent.kind === "array" ? "]" : "}")) throw refusal(text, at);
      at += 1;
      open.pop();
      done =
        parent.kind === "array"
          ? { kind: "array", at: parent.at, items: parent.items }
          : { kind: "object", at: parent.at, members: parent.members };
    }
  }
}

function readKey(text: string, at: number, into: { key: string; keyAt: number }): number {
  if (text[at] !== '"') throw refusal(text, at);
  const { value, end } = readString(text, at);
  into.key = value;
  into.keyAt = at;
  const colon = skipSpace(text, end);
  if (text[colon] !== ":") throw refusal(text, colon);
  return skipSpace(text, colon + 1);
}

function readScalar(text: string, at: number): { node: JsonNode; end: number } {
  if (text[at] === '"') {
    const { value, end } = readString(text, at);
    return { node: { kind: "string", at, text: value }, end };
  }
  for (const word of ["true", "false", "null"]) {
    if (text.startsWith(word, at)) {
      return { node: { kind: word === "null" ? "null" : "boolean", at }, end: at + word.length };
    }
  }
  const number = /-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?/y;
  number.lastIndex = at;
  const found = number.exec(text);
  if (found === null) throw refusal(text, at);
  return { node: { kind: "number", at }, end: at + found[0].length };
}

const escapes: ReadonlyMap<string, string> = new Map([
  ['"', '"'],
  ["\\", "\\"],
  ["/", "/"],
  ["b", "\b"],
  ["f", "\f"],
  ["n", "\n"],
  ["r", "\r"],
  ["t", "\t"],
]);

function readString(text: string, start: number): { value: string; end: number } {
  const pieces: string[] = [];
  let from = start + 1;
  for (let at = from; ; at += 1) {
    const code = text.charCodeAt(at);
    if (Number.isNaN(code)) throw new JsonRefusal(text.length, "end");
    if (code < 0x20) throw new JsonRefusal(at, "syntax");
    if (code === 0x22) {
      pieces.push(text.slice(from, at));
      return { value: pieces.length === 1 ? (pieces[0] ?? "") : pieces.join("").toWellFormed(), end: at + 1 };
    }
    if (code !== 0x5c) continue;
    pieces.push(text.slice(from, at));
    const letter = text[at + 1] ?? "";
    const hex = letter === "u" ? text.slice(at + 2, at + 6) : "";
    if (letter === "u" && /^[0-9a-fA-F]{4}$/.test(hex)) {
      pieces.push(String.fromCharCode(Number.parseInt(hex, 16)));
      at += 5;
    } else {
      const plain = escapes.get(letter);
      if (plain === undefined)
        throw letter === "" ? new JsonRefusal(text.length, "end") : new JsonRefusal(at, "syntax");
      pieces.push(plain);
      at += 1;
    }
    from = at + 1;
  }
}

function skipSpace(text: string, from: number): number {
  let at = from;
  while (text[at] === " " || text[at] === "\n" || text[at] === "\t" || text[at] === "\r") at += 1;
  return at;
}

function refusal(text: string, at: number): JsonRefusal {
  return at >= text.length ? new JsonRefusal(text.length, "end") : new JsonRefusal(at, "syntax");
}

/** `line 3, column 14`, both from 1. */
export function placeIn(text: string, at: number): string {
  let line = 1;
  let start = 0;
  for (let next = text.indexOf("\n"); next !== -1 && next < at; next = text.indexOf("\n", next + 1)) {
    line += 1;
    start = next + 1;
  }
  return `line ${line}, column ${at - start + 1}`;
}
