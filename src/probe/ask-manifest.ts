import { manifestSelector } from "../domain/image-reference.ts";
import type { Answer, Meaning } from "../domain/probe.ts";
import { readRemaining } from "../knowledge/registries/meaning-of.ts";
import { type Asking, askAs, type Outcome } from "./ask-as.ts";
import { firstRequest, ping } from "./first-request.ts";
import type { Fetched } from "./follow.ts";
import { lookInside } from "./look-inside.ts";
import { largestManifest } from "./manifest-json.ts";
import { manifestTypes } from "./manifest-request.ts";
import { challengesOf, faultInPage, readRefusal, unreachable } from "./read-answer.ts";
import { readBody } from "./read-body.ts";
import { type ManifestReading, readManifest } from "./read-manifest.ts";
import { hostText } from "./registry-url.ts";
import { secondLook } from "./second-look.ts";
import type { Session } from "./session.ts";
import { readingAs, tokenAnswer } from "./token-answer.ts";
import { withoutForeignScopes } from "./token-scope.ts";

/**
 * Asks for the manifest as the node does; containerd by HEAD first, and nothing before it. A 401 is answered by the session's identity and then asked
 * by GET, which brings what HEAD leaves out; where a GET counts as a pull, HEAD decides and one GET reads what was granted.
 * Any other refusal is asked once by GET, for its words. Straight through it is four requests at most.
 */
export async function askManifest(session: Session): Promise<Answer> {
  const { reference } = session.question;
  const url = session.url(`/manifests/${manifestSelector(reference)}`);
  const get: Asking = { step: "manifest", method: "GET", url, accept: manifestTypes, limit: largestManifest + 1 };
  if (session.question.runtime?.name === "cri-o") return askAsCrio(session, get);
  if ((session.settings.memory.challenges.get(session.place) ?? []).length > 0)
    return answerOf(session, get, await asIdentity(session, get, undefined));
  let opening = await firstRequest(session, { ...get, method: "HEAD" });
  if (opening.ok && opening.value.response.status === 405) opening = await firstRequest(session, get);
  if (!opening.ok) return unreachable(opening.failure);
  const { status } = opening.value.response;
  if (status === 401) return answerOf(session, get, await asIdentity(session, get, opening.value));
  const granted = status < 300 && opening.value.method === "HEAD";
  return answerOf(session, get, granted ? await plainly(session, get) : plain(opening.value));
}

/**
 * CRI-O asks `/v2/` first, and goes by what is asked for there, whatever the request itself brings; where nothing is, it sends no login. A `/v2/`
 * that answers neither 200 nor 401 ends the pull. (containers/image:docker/docker_client.go detectPropertiesHelper, setupRequestAuth)
 * Where there is no `/v2/`, one look at the manifest, as nobody, shows whether there is a registry at all.
 */
async function askAsCrio(session: Session, get: Asking): Promise<Answer> {
  const pinged = await ping(session);
  if (!pinged.ok) return unreachable(pinged.failure);
  const { response } = pinged.value;
  const { status } = response;
  if (status === 404) {
    const seen = await answerOf(session, get, await plainly(session, get));
    return seen.kind === "refused" && seen.meaning === "not-a-registry" ? seen : pingRefusal(session, pinged.value);
  }
  if (status !== 200 && status !== 401) return pingRefusal(session, pinged.value);
  const challenges = challengesOf(response).map(withoutForeignScopes);
  if (challenges.length > 0) session.noteChallenges(challenges);
  session.settings.memory.challenges.set(session.place, challenges);
  return answerOf(
    session,
    get,
    challenges.length > 0 ? await asIdentity(session, get, undefined) : await plainly(session, get),
  );
}

/** What is said at `/v2/` is said of the place, and of no image and no login. */
const ofThePlace: ReadonlySet<Meaning> = new Set([
  "rate-limited",
  "registry-fault",
  "not-a-registry",
  "address-denied",
  "geo-blocked",
  "policy-blocked",
  "suspended",
]);

function pingRefusal(session: Session, fetched: Fetched): Answer {
  const refusal = readRefusal(fetched, { ...readingAs(session), step: "manifest" }) ?? unclear(plain(fetched));
  const meaning = ofThePlace.has(refusal.meaning) ? refusal.meaning : "unclear";
  const said = refusal.words.message === undefined ? "" : `${refusal.words.message.slice(0, 400)}; `;
  const words = { ...refusal.words, message: `${said}that is for /v2/, which CRI-O asks first` };
  return { ...refusal, meaning, words };
}

/** Whether another repository or place answers this identity: one HEAD. Nobody needs the words of its refusal, so none is asked for. */
export async function askRepository(session: Session): Promise<Answer> {
  const url = session.url(`/manifests/${manifestSelector(session.question.reference)}`);
  const head: Asking = { step: "manifest", method: "HEAD", url, accept: manifestTypes, limit: largestManifest + 1 };
  return answerOf(session, undefined, await askAs(session, head));
}

type Answered = Extract<Outcome, { kind: "answered" }>;

function plain(fetched: Fetched): Answered {
  return { kind: "answered", fetched, step: "manifest" };
}

async function plainly(session: Session, asking: Asking): Promise<Outcome> {
  const fetched = await firstRequest(session, asking);
  return fetched.ok
    ? { kind: "answered", fetched: fetched.value, step: asking.step }
    : { kind: "failed", failure: fetched.failure };
}

async function asIdentity(session: Session, get: Asking, head: Fetched | undefined): Promise<Outcome> {
  const counts = session.dialect.politeness?.getCounts === true;
  const outcome = await askAs(session, counts ? { ...get, method: "HEAD" } : get, head);
  if (!counts || outcome.kind !== "answered" || outcome.fetched.response.status >= 300) return outcome;
  const { headers } = outcome.fetched.response;
  const known = session.manifest(headers.get("docker-content-digest") ?? "");
  const remaining = readRemaining(headers.get(session.dialect.remainingHeader ?? ""));
  // The last pulls are the node's, not ours.
  if (known !== undefined || (remaining !== undefined && remaining < 3)) return outcome;
  return askAs(session, get);
}

async function answerOf(session: Session, get: Asking | undefined, outcome: Outcome): Promise<Answer> {
  switch (outcome.kind) {
    case "failed":
      return unreachable(outcome.failure);
    case "unasked":
      return outcome;
    case "no-token":
      return tokenAnswer(session, outcome.fetched, outcome.readable);
    case "answered":
      return outcome.fetched.response.status >= 300
        ? refusalOf(session, get, outcome)
        : grantOf(session, outcome.fetched, outcome.scheme);
  }
}

/** Words come from the response itself or, where it was a HEAD, from one GET sent in the same way, if there may be one. */
async function refusalOf(session: Session, get: Asking | undefined, outcome: Answered): Promise<Answer> {
  const { fetched, scheme } = outcome;
  let words: Fetched | undefined;
  if (fetched.method === "HEAD" && get !== undefined) {
    const again = scheme === undefined ? await plainly(session, get) : await askAs(session, get);
    words = again.kind === "answered" ? again.fetched : undefined;
    if (words?.response.status === 429) return refusalOf(session, get, { ...outcome, fetched: words });
    if (words !== undefined && words.response.status < 300)
      return besideHead(session, { ...get, method: "HEAD" }, outcome, words);
  }
  const page = faultInPage((words ?? fetched).response);
  if (page !== undefined) {
    const host = hostText(session.registry);
    session.ladder.push({ step: "tls", outcome: "failed", host, detail: page });
    return unreachable({ step: "tls", fault: page, host, systemCode: "HTTP_400" });
  }
  const asking = { ...readingAs(session), step: outcome.step, ...(scheme !== undefined && { scheme }) };
  const refusal = readRefusal(fetched, asking, words) ?? unclear(outcome);
  return get === undefined ? refusal : secondLook(session, refusal, words ?? fetched);
}

/**
 * HEAD is refused, and GET is given something. A server in trouble may have recovered in between, as it would for the node; one more HEAD
 * shows. Where the two stay apart, CRI-O, which asks by GET, gets the image, and containerd, for which HEAD decides, does not
 * (containers/image:docker/docker_client.go fetchManifest, containerd/containerd:core/remotes/docker/resolver.go Resolve).
 */
async function besideHead(session: Session, head: Asking, outcome: Answered, given: Fetched): Promise<Answer> {
  const { scheme } = outcome;
  const granted = await grantOf(session, given, scheme);
  if (granted.kind !== "granted" || session.question.runtime?.name === "cri-o") return granted;
  const last = await askHead(session, head, scheme);
  if (last !== undefined && last.response.status < 300) return granted;
  return unclear(outcome, "that is for HEAD; GET is given the manifest");
}

async function askHead(session: Session, head: Asking, scheme: Answered["scheme"]): Promise<Fetched | undefined> {
  if (scheme !== undefined) {
    const outcome = await askAs(session, head);
    return outcome.kind === "answered" ? outcome.fetched : undefined;
  }
  const fetched = await session.fetch(head);
  return fetched.ok ? fetched.value : undefined;
}

function unclear({ step, fetched }: Answered, message?: string): Extract<Answer, { kind: "refused" }> {
  const words = { status: fetched.response.status, ...(message !== undefined && { message }) };
  return { kind: "refused", step, meaning: "unclear", words };
}

async function grantOf(session: Session, fetched: Fetched, scheme: "basic" | "bearer" | undefined): Promise<Answer> {
  const asking = { ...readingAs(session), step: "manifest" as const, ...(scheme !== undefined && { scheme }) };
  const { headers, status } = fetched.response;
  if (fetched.method === "HEAD") {
    const refusal = readRefusal(fetched, asking);
    if (refusal !== undefined) return refusal;
  }
  const rateLimitRemaining = readRemaining(headers.get(session.dialect.remainingHeader ?? ""));
  const rest = rateLimitRemaining === undefined ? {} : { rateLimitRemaining };
  const reading = await labelledByHead(session, fetched, scheme);
  if (reading === undefined && fetched.method === "HEAD") return { kind: "granted", meaning: "granted", ...rest };
  if (reading === undefined)
    return unreachable({ step: "manifest", fault: "bad-response", host: hostText(session.registry) });
  if (reading.kind === "not-a-registry") {
    const message = { html: "a web page", "not-json": "not JSON", "no-manifest": "JSON that is no manifest" }[
      reading.why
    ];
    return { kind: "refused", step: "manifest", meaning: "not-a-registry", words: { status, message } };
  }
  return { kind: "granted", meaning: "granted", manifest: await lookInside(session, reading), ...rest };
}

/**
 * The manifest in a response. Where it comes by GET under a Content-Type that is no manifest's, the one of HEAD counts: containerd goes by
 * that alone (containerd/containerd:core/remotes/docker/resolver.go Resolve), while CRI-O has GET's only.
 */
async function labelledByHead(
  session: Session,
  fetched: Fetched,
  scheme: Answered["scheme"],
): Promise<ManifestReading | undefined> {
  const reading = readingOf(session, fetched);
  const mislabelled = reading?.kind === "manifest" && reading.facts.problem === "mislabelled";
  if (!mislabelled || session.question.runtime?.name === "cri-o") return reading;
  const url = session.url(`/manifests/${manifestSelector(session.question.reference)}`);
  const head = await askHead(
    session,
    { step: "manifest", method: "HEAD", url, accept: manifestTypes, limit: 1 },
    scheme,
  );
  const type = head !== undefined && head.response.status < 300 && head.response.headers.get("content-type");
  if (!type) return reading;
  const headers = new Map([...fetched.response.headers, ["content-type", type]]);
  return readingOf(session, { ...fetched, response: { ...fetched.response, headers } });
}

/** The manifest in a response; for a HEAD the one that is known by its digest. Undefined where it cannot be read. */
function readingOf(session: Session, { method, response }: Fetched): ManifestReading | undefined {
  const { headers } = response;
  const promised = headers.get("docker-content-digest");
  if (method === "HEAD") return session.manifest(promised ?? "");
  const body = readBody(response, largestManifest + 1);
  if (body === undefined) return undefined;
  const contentType = headers.get("content-type");
  const { digest } = session.question.reference;
  const reading = readManifest({
    body,
    ...(contentType !== undefined && { contentType }),
    ...(promised !== undefined && { promisedDigest: promised }),
    ...(digest !== undefined && { wantedDigest: digest }),
  });
  session.remember(reading);
  return reading;
}
