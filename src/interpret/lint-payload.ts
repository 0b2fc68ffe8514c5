import type { SecretFault } from "../domain/credential.ts";
import { decodeBase64 } from "./go-base64.ts";
import type { ScannedJson } from "./scan-json.ts";

type Broken = Extract<ScannedJson, { ok: false }>;

const encodedTwice = "it is base64 of JSON, so it was encoded twice";

/** Why a payload is no JSON, in one sentence that repeats nothing of it. */
export function explainBrokenJson(text: string, broken: Broken): Pick<SecretFault, "code" | "text" | "repair"> {
  if (text.startsWith("\ufeff")) {
    return { code: "byte-order-mark", text: "The payload starts with a byte order mark, which is no part of JSON." };
  }
  if (broken.why === "depth") {
    return { code: "too-deep", text: "The payload is nested deeper than the kubelet reads." };
  }
  const why = reason(text, broken);
  const again = why === encodedTwice ? ({ repair: "decode-again" } as const) : {};
  return { code: "not-json", text: `The payload is not JSON: ${why}.`, ...again };
}

function reason(text: string, { at, why }: Broken): string {
  if (text.trim() === "") return "it is nothing but white space";
  if (why === "trailing") return "something follows the end of the object";
  if (why === "end") return "it ends in the middle";
  if (at <= firstLetter(text)) return reasonAtStart(text);
  const letter = text.charAt(at);
  if (letter === "}" || letter === "]") return "a comma or a colon stands before a closing bracket";
  if (letter === "'") return "texts stand in single quotes";
  if (letter === "\u201c" || letter === "\u201d") return "texts stand in typographic quotes";
  if (letter === "#" || letter === "/") return "it has a comment";
  if (letter === "\n" || letter === "\r") return "a text has a line break in it";
  if (letter === "\0") return "it has a NUL in it; it may be UTF-16";
  return "the text breaks off from the rules there";
}

/** The first character is wrong: it is another format. */
function reasonAtStart(text: string): string {
  const start = text.trimStart().slice(0, 400);
  if (/^auths\s*:/.test(start) || /^---/.test(start)) return "it is YAML";
  const compact = text.trim();
  const inner = decodeBase64(compact, compact.endsWith("=") ? "padded" : "raw");
  if (inner !== undefined && /^[\s\0]*\{/.test(Buffer.from(inner.subarray(0, 64)).toString("latin1"))) {
    return encodedTwice;
  }
  if (start.startsWith("'")) return "it starts with a quote of a shell";
  if (/^\$|^<|^\{\{/.test(start)) return "it is a variable that nothing filled in";
  return "it starts with something else than an object";
}

function firstLetter(text: string): number {
  const at = text.search(/\S/);
  return at === -1 ? text.length : at;
}
