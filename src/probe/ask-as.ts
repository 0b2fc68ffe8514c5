import type { Step } from "../domain/probe.ts";
import { basicAuthorization, bearerAuthorization } from "./authorize.ts";
import type { Fetched } from "./follow.ts";
import type { Access, Refused } from "./memory.ts";
import { type Challenge, chooseChallenge } from "./parse-challenge.ts";
import { challengesOf } from "./read-answer.ts";
import { originText } from "./registry-url.ts";
import { requestToken, type TokenContext } from "./request-token.ts";
import type { Session } from "./session.ts";
import { passed, type StepFailure, type Stepped } from "./step-failure.ts";
import { challengedScopes, repositoryScope, scopeForRetry, tokenScopes } from "./token-scope.ts";

/** What came of asking as the session's identity. */
export type Outcome =
  | { readonly kind: "answered"; readonly fetched: Fetched; readonly step: Step; readonly scheme?: "basic" | "bearer" }
  /** The token server said no, or what it said is no token. */
  | { readonly kind: "no-token"; readonly fetched: Fetched; readonly readable: boolean }
  | { readonly kind: "failed"; readonly failure: StepFailure }
  | { readonly kind: "unasked"; readonly why: string };

export interface Asking {
  readonly step: Step;
  readonly method: "GET" | "HEAD";
  readonly url: URL;
  readonly accept?: string;
  readonly range?: string;
  readonly limit: number;
}

/**
 * Asks as the session's identity. `opening` is the answer to the same request without authorization, where there is one already;
 * a registry that has challenged for this repository before is not asked for its challenge again.
 * A 401 that wants another scope gets one more token, no more.
 */
export async function askAs(session: Session, asking: Asking, opening?: Fetched): Promise<Outcome> {
  const known = session.settings.memory.challenges.get(session.place);
  let first = opening;
  if (known === undefined && first === undefined) {
    const fetched = await session.fetch(asking);
    if (!fetched.ok) return { kind: "failed", failure: fetched.failure };
    first = fetched.value;
  }
  if (first !== undefined && (first.response.status !== 401 || first.foreign)) return answered(asking.step, first);
  const challenges = first === undefined ? (known ?? []) : await challengesFor(session, first);
  const outcome = await answerChallenge(session, asking, challenges, first);
  if (outcome.kind !== "answered" || outcome.scheme !== "bearer" || outcome.fetched.response.status !== 401)
    return outcome;
  const again = challengesOf(outcome.fetched.response);
  const scope = scopeForRetry(401, again);
  if (scope === undefined || scopesOf(session, challenges).includes(scope)) return outcome;
  return answerChallenge(session, asking, again, outcome.fetched);
}

/** The challenges of a 401; where a registry leaves them out, as some are known to, those of `/v2/`. */
async function challengesFor(session: Session, { response }: Fetched): Promise<readonly Challenge[]> {
  let challenges = challengesOf(response);
  if (challenges.length === 0 && session.dialect.challenge?.mayBeMissing === true) {
    const ping = await session.fetch({ step: "challenge", method: "GET", url: session.pingUrl, limit: 4_096 });
    if (ping.ok) challenges = challengesOf(ping.value.response);
  }
  session.noteChallenges(challenges);
  session.settings.memory.challenges.set(session.place, challenges);
  return challenges;
}

async function answerChallenge(
  session: Session,
  asking: Asking,
  challenges: readonly Challenge[],
  before: Fetched | undefined,
): Promise<Outcome> {
  const { login } = session;
  const choice = chooseChallenge(challenges, {
    username: login !== undefined && login.username !== "",
    password: login !== undefined,
  });
  if (choice.kind === "none") {
    if (before !== undefined) return answered(asking.step, before);
    const plain = await session.fetch(asking);
    return plain.ok ? answered(asking.step, plain.value) : { kind: "failed", failure: plain.failure };
  }
  if (choice.kind === "basic") return askWithBasic(session, asking);
  const access = await tokenAccess(session, choice.challenge);
  if (!access.ok) return { kind: "failed", failure: access.failure };
  if (access.value.kind === "withheld") return { kind: "unasked", why: access.value.why };
  if (access.value.kind === "refused")
    return { kind: "no-token", fetched: access.value.fetched, readable: access.value.readable };
  const bearer = bearerAuthorization(access.value.token, session.registry, session.registry, session.policy);
  if (bearer.kind === "withheld") return { kind: "unasked", why: bearer.why };
  const fetched = await session.fetch({ ...asking, authorization: bearer.value });
  return fetched.ok ? answered(asking.step, fetched.value, "bearer") : { kind: "failed", failure: fetched.failure };
}

async function askWithBasic(session: Session, asking: Asking): Promise<Outcome> {
  const { login, registry, policy, identity } = session;
  if (login === undefined) return { kind: "unasked", why: "no login" };
  const basic = basicAuthorization(login, registry, policy);
  if (basic.kind === "withheld") return { kind: "unasked", why: basic.why };
  const { refusals } = session.settings.memory;
  const key = `${originText(registry)} ${identity}`;
  const no = refusals.get(key);
  if (no !== undefined) return answered(asking.step, no.fetched, "basic");
  const fetched = await session.fetch({ ...asking, authorization: basic.value });
  if (!fetched.ok) return { kind: "failed", failure: fetched.failure };
  if (fetched.value.response.status === 401 && !fetched.value.foreign)
    refusals.set(key, { kind: "refused", step: "manifest", fetched: fetched.value, readable: true });
  return answered(asking.step, fetched.value, "basic");
}

function answered(step: Step, fetched: Fetched, scheme?: "basic" | "bearer"): Outcome {
  // Behind a redirect to another place nothing was authorised.
  return { kind: "answered", fetched, step, ...(scheme !== undefined && fetched.authorized && { scheme }) };
}

/** The token for the repository, asked for once in a run; a login that the token server has refused is not sent there again. */
export async function tokenAccess(session: Session, challenge: Challenge): Promise<Stepped<Access>> {
  const { access } = session.settings.memory;
  const scopes = scopesOf(session, [challenge]);
  const { parameters } = challenge;
  const key = JSON.stringify([
    originText(session.registry),
    parameters.get("realm"),
    parameters.get("service") ?? "",
    scopes,
    session.identity,
  ]);
  const known = await access.get(key);
  const over = known?.ok === true && known.value.kind === "bearer" && known.value.until < performance.now();
  if (known !== undefined && !over) return keepToken(session, known);
  const asked = getToken(session, challenge, scopes);
  access.set(key, asked);
  const got = await asked;
  // What failed on the way may work the next time.
  if (!got.ok) access.delete(key);
  return keepToken(session, got);
}

function keepToken(session: Session, got: Stepped<Access>): Stepped<Access> {
  if (got.ok && got.value.kind === "bearer") session.keep(got.value.token);
  return got;
}

async function getToken(
  session: Session,
  { parameters }: Challenge,
  scopes: readonly string[],
): Promise<Stepped<Access>> {
  const { memory } = session.settings;
  const realm = parameters.get("realm") ?? "";
  const refusalKey = `${realm} ${session.identity}`;
  const no = session.login === undefined ? undefined : memory.refusals.get(refusalKey);
  if (no !== undefined) return passed(no);
  const limit = URL.canParse(realm) ? session.limit(new URL(realm).host) : undefined;
  if (limit !== undefined) return passed({ kind: "withheld", why: "its token server said 429 before" });
  const result = await requestToken(contextOf(session), {
    realm,
    service: parameters.get("service"),
    scopes,
    login: session.login,
    step: "token",
  });
  if (!result.ok) return result;
  if (result.value.kind === "withheld") return passed(result.value);
  if (result.value.kind === "token") {
    const { token, lifetime } = result.value;
    const until = lifetime === undefined ? Number.POSITIVE_INFINITY : performance.now() + lifetime * 1_000;
    return passed({ kind: "bearer", token, until });
  }
  const { fetched } = result.value;
  const refused: Refused = { kind: "refused", step: "token", fetched, readable: result.value.kind === "refused" };
  if (fetched.response.status === 401) memory.refusals.set(refusalKey, refused);
  return passed(refused);
}

export function contextOf(session: Session): TokenContext {
  return {
    trip: session.trip,
    policy: session.policy,
    dialect: session.dialect,
    userAgent: session.settings.userAgent,
    from: session.from,
    base: session.pingUrl.href,
  };
}

function scopesOf(session: Session, challenges: readonly Challenge[]): readonly string[] {
  const bearer = challenges.find(({ scheme }) => scheme === "bearer");
  const own = [repositoryScope(session.question.reference.repository)];
  return tokenScopes(own, bearer === undefined ? [] : challengedScopes(bearer));
}
