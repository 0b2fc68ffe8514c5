import type { Event } from "js-yaml";
import { isAliasBomb } from "./alias-weight.ts";
import { isObject } from "./json-values.ts";

/**
 * The documents of a YAML or JSON text, in order, as unknown values. Empty documents are left out.
 * Throws an Error whose message says the line and the kind of fault, never the text: it may hold passwords.
 */
export async function readDocuments(text: string): Promise<readonly unknown[]> {
  const clean = withoutMark(text);
  const json = parseJson(clean);
  if (json !== undefined) return [json];
  const { loadAll } = await import("js-yaml");
  const documents = await orFault(() => loadAll(clean));
  refuseBombs(clean, documents);
  return documents.filter(isThere);
}

/** Documents, and where in their text things stand. */
export interface PlacedDocuments {
  readonly documents: readonly unknown[];
  /** The line, from 1, at which `holder`, an object inside these documents, has the text `key`. */
  lineOf(holder: unknown, key: string): number | undefined;
  /** The template that a document was made from, by the comment that helm writes before it (`# Source: web/templates/a.yaml`). */
  sourceOf(document: unknown): string | undefined;
}

/** As `readDocuments`, remembering places. Where a text's places cannot be found, there are none. */
export async function readPlacedDocuments(text: string): Promise<PlacedDocuments> {
  const clean = withoutMark(text);
  const { constructFromEvents, getScalarValue, parseEvents, EVENT_ID } = await import("js-yaml");
  const json = parseJson(clean);
  let events: Event[];
  let documents: readonly unknown[];
  if (json === undefined) {
    events = await orFault(() => parseEvents(clean, {}));
    documents = await orFault(() => constructFromEvents(events, { source: clean }));
    refuseBombs(clean, documents);
  } else {
    documents = [json];
    // JSON is YAML but for trifles; over one of those, the value stands without its places.
    events = await orFault(() => parseEvents(clean, {})).catch(() => []);
  }
  const lines = new WeakMap<object, Map<string, number>>();
  const sources = new WeakMap<object, string>();
  const lineAt = lineCounter(clean);
  let next = 0;

  /** Walks one node of the events and the value that was made of it, side by side. */
  function walk(value: unknown): void {
    const event = events[next++];
    if (event === undefined || event.type === EVENT_ID.SCALAR || event.type === EVENT_ID.ALIAS) return;
    let index = 0;
    while (next < events.length && events[next]?.type !== EVENT_ID.POP) {
      if (event.type !== EVENT_ID.MAPPING) {
        walk(Array.isArray(value) ? value[index++] : undefined);
        continue;
      }
      const at = events[next];
      const key = at?.type === EVENT_ID.SCALAR ? getScalarValue(clean, at) : undefined;
      walk(undefined);
      const held = events[next];
      const isText = held?.type === EVENT_ID.SCALAR || held?.type === EVENT_ID.ALIAS;
      if (isText && key !== undefined && at?.type === EVENT_ID.SCALAR && isObject(value)) {
        const known = lines.get(value) ?? new Map<string, number>();
        lines.set(value, known.set(key, lineAt(at.valueStart)));
      }
      walk(key !== undefined && isObject(value) && Object.hasOwn(value, key) ? value[key] : undefined);
    }
    next++;
  }

  for (const document of documents) {
    if (events[next]?.type !== EVENT_ID.DOCUMENT) break;
    const root = events[++next];
    const source = root?.type === EVENT_ID.MAPPING ? sourceBefore(clean, root.start) : undefined;
    if (source !== undefined && isObject(document)) sources.set(document, source);
    while (next < events.length && events[next]?.type !== EVENT_ID.POP) walk(document);
    next++;
  }
  return {
    documents: documents.filter(isThere),
    lineOf: (holder, key) => (isObject(holder) ? lines.get(holder)?.get(key) : undefined),
    sourceOf: (document) => (isObject(document) ? sources.get(document) : undefined),
  };
}

/** A byte order mark is what Windows editors leave; neither JSON.parse nor YAML's first key would forgive it. */
function withoutMark(text: string): string {
  return text.charCodeAt(0) === 0xfeff ? text.slice(1) : text;
}

function parseJson(text: string): unknown {
  if (!/^\s*[{[]/.test(text.slice(0, 4096))) return undefined;
  try {
    return JSON.parse(text);
  } catch {
    // Flow-style YAML begins the same way, and `cat a.json b.json` gives several; YAML decides.
    return undefined;
  }
}

/** Most texts have no anchor and no alias, and need not be weighed. */
function refuseBombs(text: string, documents: readonly unknown[]): void {
  if (text.includes("&") && text.includes("*") && documents.some(isAliasBomb))
    throw new Error("blown up by its YAML aliases");
}

async function orFault<T>(parse: () => T): Promise<T> {
  const { YAMLException } = await import("js-yaml");
  try {
    return parse();
  } catch (error) {
    const line = error instanceof YAMLException && error.mark ? ` (line ${error.mark.line + 1})` : "";
    throw new Error(`not valid YAML or JSON${line}`);
  }
}

function isThere(document: unknown): boolean {
  return document !== null && document !== undefined;
}

/** Lines of offsets that mostly grow: each line end is passed once. */
function lineCounter(text: string): (offset: number) => number {
  let line = 1;
  let counted = 0;
  return (offset) => {
    if (offset < counted) {
      line = 1;
      counted = 0;
    }
    for (let end = text.indexOf("\n", counted); end >= 0 && end < offset; end = text.indexOf("\n", counted)) {
      line++;
      counted = end + 1;
    }
    return line;
  };
}

/** helm.sh/helm pkg/action/action.go, renderResources: the comment stands between `---` and the document. */
function sourceBefore(text: string, start: number): string | undefined {
  const before = text.slice(Math.max(0, start - 2048), start).split(/\r?\n/);
  for (const line of before.reverse()) {
    const source = /^# Source: (\S[^\r\n]{0,1000})$/.exec(line)?.[1];
    if (source !== undefined) return source.trimEnd();
    if (line !== "" && !line.startsWith("#")) return undefined;
  }
  return undefined;
}
