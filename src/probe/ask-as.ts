import type { Step } from "../domain/probe.ts";
import { basicAuthorization, bearerAuthorization } from "./authorize.ts";
import { ping } from "./first-request.ts";
import type { Fetched } from "./follow.ts";
import { type Challenge, chooseChallenge } from "./parse-challenge.ts";
import { challengesOf } from "./read-answer.ts";
import { originText } from "./registry-url.ts";
import type { Session } from "./session.ts";
import { passed, type StepFailure, type Stepped } from "./step-failure.ts";
import { scopesOf, tokenAccess } from "./token-access.ts";
import { scopeForRetry, withoutForeignScopes } from "./token-scope.ts";

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
 * A 401 that wants another scope, or a token of another realm, gets one more token, no more.
 */
export async function askAs(session: Session, asking: Asking, opening?: Fetched): Promise<Outcome> {
  const known = knownChallenges(session);
  let first = opening;
  if (known === undefined && first === undefined) {
    const fetched = await session.fetch(asking);
    if (!fetched.ok) return { kind: "failed", failure: fetched.failure };
    first = fetched.value;
  }
  if (first !== undefined && (first.response.status !== 401 || first.foreign)) return answered(asking.step, first);
  const named = first === undefined ? passed(known ?? []) : await challengesFor(session, first);
  if (!named.ok) return { kind: "failed", failure: named.failure };
  const challenges = named.value;
  const outcome = await answerChallenge(session, asking, challenges, first);
  if (outcome.kind !== "answered" || outcome.scheme !== "bearer" || outcome.fetched.response.status !== 401)
    return outcome;
  const again = challengesOf(outcome.fetched.response);
  const scope = scopeForRetry(401, again);
  const wider = scope !== undefined && !scopesOf(session, challenges).includes(scope);
  if (!wider && !namesAnotherRealm(challenges, again)) return outcome;
  return answerChallenge(session, asking, again, outcome.fetched);
}

/** The challenges for this repository; a neighbour is taken to be challenged as the repository that it may be meant for. */
function knownChallenges({ settings, place, registry, question }: Session): readonly Challenge[] | undefined {
  const { challenges } = settings.memory;
  const own = challenges.get(place);
  if (own !== undefined || question.kind !== "repository") return own;
  const home = `${originText(registry)}/`;
  const other = [...challenges].find(([each]) => each.startsWith(home))?.[1];
  return other?.map(withoutForeignScopes);
}

/**
 * Whether a token was refused as no token of the realm that is named now: containerd then gets one from there
 * (core/remotes/docker/authorizer.go), NGC wants it so (https://github.com/NVIDIA/nvidia-container-toolkit/issues/1945).
 */
function namesAnotherRealm(before: readonly Challenge[], again: readonly Challenge[]): boolean {
  const [first, next] = [before, again].map((list) => list.find(({ scheme }) => scheme === "bearer")?.parameters);
  return next?.get("error") === "invalid_token" && next.get("realm") !== first?.get("realm");
}

/** The challenges of a 401; where a registry leaves them out, as some are known to, those of `/v2/`. */
async function challengesFor(session: Session, { response }: Fetched): Promise<Stepped<readonly Challenge[]>> {
  let challenges = challengesOf(response);
  if (challenges.length === 0 && session.dialect.challenge?.mayBeMissing === true) {
    const pinged = await ping(session);
    if (!pinged.ok) return pinged;
    challenges = challengesOf(pinged.value.response).map(withoutForeignScopes);
  }
  session.noteChallenges(challenges);
  session.settings.memory.challenges.set(session.place, challenges);
  return passed(challenges);
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
