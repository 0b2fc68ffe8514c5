import type { Answer } from "../domain/probe.ts";
import { speaksRegistry } from "../knowledge/registries/meaning-of.ts";
import { specification } from "../knowledge/registries/specification.ts";
import type { Asking } from "./ask-as.ts";
import { firstRequest, ping } from "./first-request.ts";
import type { Fetched } from "./follow.ts";
import { chooseChallenge } from "./parse-challenge.ts";
import { observe } from "./read-answer.ts";
import { originText } from "./registry-url.ts";
import type { Session } from "./session.ts";
import { readingAs } from "./token-answer.ts";

type Refusal = Extract<Answer, { kind: "refused" }>;

/**
 * A refusal that is not what its status says: a 401 that no login can answer or that is another place's, and a 404 of somebody who is no
 * registry at all.
 * `fetched` is where the refusal's words come from. A bare 404 may cost two requests more, once for each registry.
 */
export async function secondLook(session: Session, refusal: Refusal, fetched: Fetched): Promise<Refusal> {
  const wanted = refusal.meaning === "login-wanted";
  if (fetched.foreign) {
    const noted = withNote(refusal, `that is ${fetched.url.host}, where the registry sends to without a login`);
    return wanted ? { ...noted, noWayIn: true } : noted;
  }
  if (wanted) return withoutWayIn(session, refusal);
  if (refusal.words.status === 403 && session.login !== undefined && !fetched.authorized)
    return withNote(refusal, "it asks for no login, so none was sent");
  if (refusal.meaning === "absent" && (await isNoRegistry(session, fetched)))
    return { ...refusal, meaning: "not-a-registry" };
  return refusal;
}

/**
 * Where no challenge can be answered, no runtime sends a login: containerd takes the 401 for the last word
 * (containerd/containerd:core/remotes/docker/authorizer.go AddResponses), so that one is missing is not said.
 */
function withoutWayIn(session: Session, refusal: Refusal): Refusal {
  const challenges = session.settings.memory.challenges.get(session.place);
  if (challenges === undefined) return refusal;
  const choice = chooseChallenge(challenges, { username: true, password: true });
  if (choice.kind !== "none") return refusal;
  const byPing = session.question.runtime?.name === "cri-o";
  const noted = withNote(
    refusal,
    byPing && challenges.length === 0
      ? "/v2/, by which CRI-O goes, names no way to log in, so no login is sent"
      : "it names no way to log in that a runtime knows",
  );
  // A token server without a place is none of the protocol.
  return choice.why === "no-challenge" ? { ...noted, noWayIn: true } : { ...noted, meaning: "not-a-registry" };
}

/** The registry's words, with what is to be known of them. */
function withNote(refusal: Refusal, note: string): Refusal {
  const { message, ...words } = refusal.words;
  return {
    ...refusal,
    words: { ...words, message: message === undefined ? note : `${message.slice(0, 400)}; ${note}` },
  };
}

/**
 * Whether a bare 404 comes from something else than a registry: nothing in it shows the protocol, and neither `/v2/`, which every registry
 * answers with 200 or 401 (opencontainers/distribution-spec:spec.md, determining support), nor the list of tags is there.
 */
async function isNoRegistry(session: Session, fetched: Fetched): Promise<boolean> {
  const { dialect, settings, registry, pingUrl, place } = session;
  const challenged = settings.memory.challenges.has(place);
  if (dialect !== specification || challenged || pingUrl.pathname !== "/v2/") return false;
  if (shows(session, fetched)) return false;
  const { strangers } = settings.memory;
  const key = originText(registry);
  const known = strangers.get(key) ?? nothingIsThere(session);
  strangers.set(key, known);
  return known;
}

async function nothingIsThere(session: Session): Promise<boolean> {
  const list: Asking = { step: "challenge", method: "GET", url: session.url("/tags/list"), limit: 4_096 };
  for (const ask of [() => ping(session), () => firstRequest(session, list)]) {
    const fetched = await ask();
    if (!fetched.ok || shows(session, fetched.value)) return false;
    const { status, headers } = fetched.value.response;
    if (status !== 404 && (status >= 300 || !/^text\/html/i.test(headers.get("content-type") ?? ""))) return false;
  }
  return true;
}

function shows(session: Session, fetched: Fetched): boolean {
  return speaksRegistry(observe(fetched, { ...readingAs(session), step: "manifest" }));
}
