import type { FailureFacts } from "../domain/symptom.ts";
import { type Head, headsByFirst } from "./heads.ts";
import { mayFit } from "./needed-words.ts";

/** The operation heads of a text, and what is left under them. */
export interface PeeledHeads {
  /** Names of the heads, outermost first. */
  readonly names: readonly string[];
  readonly grpcCode?: string;
  readonly operation?: NonNullable<FailureFacts["operation"]>;
  readonly runtime?: NonNullable<FailureFacts["runtime"]>;
  readonly login?: NonNullable<FailureFacts["login"]>;
  readonly image?: string;
  /** The URL that failed, as written. */
  readonly url?: string;
  readonly host?: string;
  readonly mediaType?: string;
  /** `manifests` or `blobs`, where containerd said which. */
  readonly what?: string;
  readonly status?: number;
  /** What no head is in front of any more. */
  readonly words: string;
}

const mostPlaces = 400;
const boundary = /(?:: | - |\n|\() */g;

/** Where somebody shortened a text by hand. */
const leftOut = /^(?:\.\.\.|…)\s*(?=\S)/;

/** HTTP's number and phrase, with no word of where they come from. */
const statusLine =
  /^[45]\d\d(?= (?:Bad Request|Unauthorized|Payment Required|Forbidden|Not Found|Too Many Requests|Internal Server Error|Bad Gateway|Service Unavailable|Gateway Time-?out)\b)/i;

/** A head that stands in a text, and where it ends. */
interface FoundHead {
  readonly head: Head;
  readonly match: RegExpExecArray;
  readonly end: number;
}

/** Finds the head that stands at a place of the text. What cannot stand anywhere in it is looked for once. */
export function headFinder(text: string): (at: number) => FoundHead | undefined {
  const lower = text.toLowerCase();
  const possible = new Map<Head, boolean>();
  const mayStand = (head: Head): boolean => {
    let may = possible.get(head);
    if (may === undefined) {
      may = mayFit(head.pattern, lower);
      possible.set(head, may);
    }
    return may;
  };
  return (at) => {
    for (const head of headsByFirst.get(text.charAt(at)) ?? []) {
      if (!mayStand(head)) continue;
      head.pattern.lastIndex = at;
      const match = head.pattern.exec(text);
      if (match !== null) {
        return { head, match, end: at + match[0].length };
      }
    }
    return undefined;
  };
}

/**
 * Takes operation heads off, outermost to innermost. A wrapper that is not known is passed over as long as a known
 * head follows it; what stands after the last known head are the words. Looks at a bounded number of places.
 */
export function peelHeads(text: string): PeeledHeads {
  const names: string[] = [];
  const found: Record<string, string> = Object.create(null);
  let operation: PeeledHeads["operation"];
  let runtime: PeeledHeads["runtime"];
  let login: PeeledHeads["login"];
  let innermost = 0;
  let at: number | undefined = 0;
  const headAt = headFinder(text);
  for (let places = 0; at !== undefined && places < mostPlaces; places++) {
    const here = headAt(at);
    if (here === undefined) {
      at = nextPlace(text, at);
      continue;
    }
    names.push(here.head.name);
    operation = here.head.operation ?? operation;
    runtime ??= here.head.runtime;
    login = here.head.login ?? login;
    for (const [name, value] of Object.entries(here.match.groups ?? {})) {
      if (value !== undefined) {
        found[name] = value;
      }
    }
    innermost = here.end;
    at = here.head.stops === true ? undefined : here.end;
  }
  const words = text.slice(innermost).trim().replace(leftOut, "");
  const status = found["status"] ?? (names.at(-1) === "status" ? /^\d{3}\b/ : statusLine).exec(words)?.[0];
  return {
    names,
    words,
    ...optional("grpcCode", found["grpc"]),
    ...optional("operation", operation),
    ...optional("runtime", runtime),
    ...optional("login", login),
    ...optional("image", found["image"]),
    ...optional("url", found["url"]),
    ...optional("host", found["host"]),
    ...optional("mediaType", found["mediaType"]),
    ...optional("what", found["what"]),
    ...optional("status", status === undefined ? undefined : Number(status)),
  };
}

/** An object with the property, or without it where there is no value. */
export function optional<Name extends string, Value>(name: Name, value: Value | undefined): { [N in Name]?: Value } {
  return value === undefined ? {} : ({ [name]: value } as { [N in Name]?: Value });
}

/** The next place after `at` where a head may stand: after a colon, a newline, a dash or an opening bracket. */
function nextPlace(text: string, at: number): number | undefined {
  boundary.lastIndex = at;
  return boundary.test(text) && boundary.lastIndex > at ? boundary.lastIndex : undefined;
}
