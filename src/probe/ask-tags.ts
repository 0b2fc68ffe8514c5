import type { Answer } from "../domain/probe.ts";
import { askAs } from "./ask-as.ts";
import { nextLink } from "./link-header.ts";
import { field, parseObject } from "./manifest-json.ts";
import { readRefusal, unreachable } from "./read-answer.ts";
import { readBody } from "./read-body.ts";
import { hostText, originOfUrl, readUrl, sameOrigin } from "./registry-url.ts";
import type { Session } from "./session.ts";
import { readingAs, tokenAnswer } from "./token-answer.ts";

const pageSize = 100;
const mostPages = 5;
const mostTags = 1_000;
const largestPage = 1_048_576;

/**
 * The tags of a repository, at most 1000 on 5 pages; a next page is followed only within the registry's own origin.
 * `complete` says whether there are no more.
 */
export async function askTags(session: Session): Promise<Answer> {
  const { politeness } = session.dialect;
  if (politeness?.tags === "never")
    return { kind: "unasked", why: `${session.dialect.name} is not asked for its tags` };
  let url = session.url("/tags/list");
  url.searchParams.set("n", String(politeness?.tagsPage ?? pageSize));
  const tags = new Set<string>();
  const seen = new Set<string>();
  for (let page = 0; page < mostPages && tags.size < mostTags; page += 1) {
    seen.add(url.href);
    const read = await readPage(session, url);
    if (read.kind === "answer") return tags.size > 0 ? listOf(tags, false) : read.answer;
    for (const tag of read.tags) tags.add(tag);
    if (read.next === undefined) return listOf(tags, true);
    const next = readUrl(read.next, url.href);
    if ("problem" in next || !sameOrigin(originOfUrl(next.url), session.registry) || seen.has(next.url.href)) break;
    url = next.url;
  }
  return listOf(tags, false);
}

function listOf(tags: ReadonlySet<string>, complete: boolean): Answer {
  return {
    kind: "tags",
    meaning: "granted",
    tags: [...tags].slice(0, mostTags),
    complete: complete && tags.size <= mostTags,
  };
}

type Page =
  | { readonly kind: "page"; readonly tags: readonly string[]; readonly next: string | undefined }
  | { readonly kind: "answer"; readonly answer: Answer };

async function readPage(session: Session, url: URL): Promise<Page> {
  const outcome = await askAs(session, {
    step: "tags",
    method: "GET",
    url,
    accept: "application/json",
    limit: largestPage,
  });
  if (outcome.kind === "failed") return { kind: "answer", answer: unreachable(outcome.failure) };
  if (outcome.kind === "unasked") return { kind: "answer", answer: outcome };
  if (outcome.kind === "no-token")
    return { kind: "answer", answer: tokenAnswer(session, outcome.fetched, outcome.readable) };
  const { fetched, scheme } = outcome;
  const asking = { ...readingAs(session), step: "tags" as const, ...(scheme !== undefined && { scheme }) };
  const refusal = readRefusal(fetched, asking);
  if (refusal !== undefined) return { kind: "answer", answer: refusal };
  const body = fetched.response.cut ? undefined : readBody(fetched.response, largestPage);
  const list = body === undefined ? undefined : parseObject(body);
  if (list === undefined) {
    const failure = { step: "tags" as const, fault: "bad-response" as const, host: hostText(session.registry) };
    return { kind: "answer", answer: unreachable(failure) };
  }
  const written = field(list, "tags");
  const tags = Array.isArray(written) ? written.filter(isTag) : [];
  return { kind: "page", tags, next: nextLink(fetched.response.headers.get("link")?.replaceAll("\n", ", ")) };
}

/** As in distribution/reference: nothing else can be pulled by, and nothing else is shown. */
function isTag(value: unknown): value is string {
  return typeof value === "string" && /^[A-Za-z0-9_][A-Za-z0-9_.-]{0,127}$/.test(value);
}
