import type { BodyShape } from "./registry.ts";

/** What an error body says. Text is bounded, and hostile. */
export interface ErrorWords {
  readonly shape: BodyShape;
  readonly code?: string;
  readonly message?: string;
}

const longestBody = 65_536;
const longestMessage = 1_000;

/**
 * The words of an error answer, whatever shape its registry gives them: `{errors:[{code,message}]}` (the specification),
 * `{errors:[{status,message}]}` (Xray), `{details}` (Docker Hub's token server), `{error,error_description}` (OAuth, Quay),
 * `{message}`, plain text, a page. Never throws. `body` is the decoded text, `contentType` the header where there was one.
 */
export function readErrorBody(body: string, contentType: string | undefined): ErrorWords {
  const text = body
    .slice(0, longestBody)
    .replace(/^\uFEFF/, "")
    .trim();
  if (text === "") return { shape: "empty" };
  if (text.startsWith("{") || text.startsWith("[")) {
    const words = readJson(text);
    if (words !== undefined) return words;
  }
  if (text.startsWith("<") || /^\s*text\/html/i.test(contentType ?? ""))
    return { shape: "html", message: pageText(text) };
  return { shape: "text", message: bounded(text) };
}

function readJson(text: string): ErrorWords | undefined {
  let parsed: unknown;
  try {
    parsed = JSON.parse(text);
  } catch {
    return undefined;
  }
  if (!isRecord(parsed)) return { shape: "json" };
  const first = firstError(own(parsed, "errors"));
  if (first !== undefined)
    return { shape: "errors", ...words(own(first, "code"), own(first, "message") ?? own(first, "detail")) };
  const error = own(parsed, "error");
  if (isRecord(error))
    return { shape: "json", ...words(own(error, "code") ?? own(error, "status"), own(error, "message")) };
  const message =
    own(parsed, "error_description") ?? own(parsed, "details") ?? own(parsed, "message") ?? own(parsed, "detail");
  return {
    shape: "json",
    ...words(own(parsed, "code") ?? (message === undefined ? undefined : error), message ?? error),
  };
}

function words(code: unknown, message: unknown): { code?: string; message?: string } {
  return {
    ...(typeof code === "string" && code !== "" ? { code: code.slice(0, 100) } : {}),
    ...(typeof message === "string" && message !== "" ? { message: bounded(message) } : {}),
  };
}

/** The first entry of `errors` that is an object; an empty list is no error. */
function firstError(errors: unknown): Record<string, unknown> | undefined {
  return Array.isArray(errors) ? errors.slice(0, 100).find(isRecord) : undefined;
}

/** The text of a page without its tags, one pass: enough to recognise a sentence in it. */
function pageText(html: string): string {
  let text = "";
  let at = 0;
  while (at < html.length && text.length < longestMessage) {
    const open = html.indexOf("<", at);
    text += html.slice(at, open < 0 ? html.length : open);
    if (open < 0) break;
    const close = html.indexOf(">", open);
    if (close < 0) break;
    const hidden = /^<(script|style)\b/i.exec(html.slice(open, open + 10))?.[1]?.toLowerCase();
    // A script that never ends swallows the rest.
    const end = hidden === undefined ? close : html.indexOf(`</${hidden}`, close);
    if (end < 0) break;
    at = hidden === undefined ? close + 1 : end;
    text += " ";
  }
  return bounded(text);
}

function bounded(text: string): string {
  return text
    .slice(0, 4 * longestMessage)
    .replace(/\s+/g, " ")
    .trim()
    .slice(0, longestMessage);
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function own(record: Record<string, unknown>, key: string): unknown {
  return Object.hasOwn(record, key) ? record[key] : undefined;
}
