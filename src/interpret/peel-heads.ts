import type { FailureFacts } from "../domain/symptom.ts";
import { type Head, headsByFirst } from "./heads.ts";

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

/** The head that stands at this place, and where it ends. */
export function headAt(text: string, at: number): { head: Head; match: RegExpExecArray; end: number } | undefined {
  for (const head of headsByFirst.get(text.charAt(at)) ?? []) {
    head.pattern.lastIndex = at;
    const match = head.pattern.exec(text);
    if (match !== null) {
      return { head, match, end: at + match[0].length };
    }
  }
  return undefined;
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
  for (let places = 0; at !== undefined && places < mostPlaces; places++) {
    const here = headAt(text, at);
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
  const words = text.slice(innermost).trim();
  const status = found["status"] ?? /^\d{3}\b/.exec(names.at(-1) === "status" ? words : "")?.[0];
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
