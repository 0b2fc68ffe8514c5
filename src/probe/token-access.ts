import type { Login } from "./authorize.ts";
import type { Access, Refused } from "./memory.ts";
import type { Challenge } from "./parse-challenge.ts";
import { originText } from "./registry-url.ts";
import { requestToken, type TokenContext, type TokenResult } from "./request-token.ts";
import type { Session } from "./session.ts";
import { passed, type Stepped } from "./step-failure.ts";
import { tokenAnswer } from "./token-answer.ts";
import { challengedScopes, repositoryScope, tokenScopes } from "./token-scope.ts";

/**
 * The token for the repository, asked for once in a run. A login that the token server has refused is not sent there again,
 * save for one check without scope where the registry is known to refuse good logins, too (`refusesLoginWithoutRight`).
 */
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
    // A token that was got with a login goes no more to whom nobody checks than the login itself.
    session.policy.unverified === true,
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

/** The scopes that a token for the session's repository is asked for, with those of the challenges. */
export function scopesOf(session: Session, challenges: readonly Challenge[]): readonly string[] {
  const bearer = challenges.find(({ scheme }) => scheme === "bearer");
  const own = [repositoryScope(session.question.reference.repository)];
  return tokenScopes(own, bearer === undefined ? [] : challengedScopes(bearer));
}

function keepToken(session: Session, got: Stepped<Access>): Stepped<Access> {
  if (got.ok && got.value.kind === "bearer") session.keep(got.value.token);
  return got;
}

/** Seconds that a token lives where nobody says (https://distribution.github.io/distribution/spec/auth/token/, expires_in). */
const defaultLifetime = 60;

async function getToken(session: Session, challenge: Challenge, scopes: readonly string[]): Promise<Stepped<Access>> {
  const { memory } = session.settings;
  const { parameters } = challenge;
  const realm = parameters.get("realm") ?? "";
  const key = refusalKey(session, realm);
  const no = session.login === undefined ? undefined : memory.refusals.get(key);
  if (no !== undefined) return passed(no);
  if (session.login !== undefined && memory.doubted.has(key))
    return passed({ kind: "withheld", why: "its token server refused this login for another repository" });
  if (session.login !== undefined && mayBan(session, realm))
    return passed({
      kind: "withheld",
      why: `it refused ${mostRefused} logins before, and more may get this address banned`,
    });
  if (isLimited(session, realm)) return passed({ kind: "withheld", why: "its token server said 429 before" });
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
    const { token, lifetime = session.dialect.tokenLifetime ?? defaultLifetime } = result.value;
    return passed({ kind: "bearer", token, until: performance.now() + lifetime * 1_000 });
  }
  const { fetched } = result.value;
  const refused: Refused = { kind: "refused", step: "token", fetched, readable: result.value.kind === "refused" };
  if (session.login !== undefined) await noteRefusal(session, challenge, refused, session.login);
  return passed(refused);
}

/** Logins that a registry which bans for it may refuse in one run; GitLab's limit is ten in a minute, and other people's count, too. */
const mostRefused = 3;

function mayBan({ dialect, settings }: Session, realm: string): boolean {
  if (dialect.politeness?.bansForRefusedLogins !== true) return false;
  const { refusals, doubted } = settings.memory;
  const refused = [...refusals.keys(), ...doubted].filter((key) => key.startsWith(`${realm} `));
  return refused.length >= mostRefused;
}

/** What a refusal with a scope says of the login: it is bad, or it may be, or the check without scope must tell. */
async function noteRefusal(session: Session, challenge: Challenge, refused: Refused, login: Login): Promise<void> {
  const { refusals, doubted } = session.settings.memory;
  const key = refusalKey(session, challenge.parameters.get("realm") ?? "");
  const { meaning, words } = tokenAnswer(session, refused.fetched, refused.readable);
  if (meaning === "login-refused-or-no-permission") {
    if (session.dialect.refusesLoginWithoutRight === true) await checkLogin(session, challenge, login);
    else doubted.add(key);
  } else if (words.status === 401 || meaning === "login-refused" || meaning === "login-expired") {
    refusals.set(key, refused);
  }
}

/**
 * Whether the token server takes the login at all: a token without scope, asked for once in a run. A login that was refused
 * before is not sent again; the earlier answer stands.
 */
export async function checkLogin(
  session: Session,
  { parameters }: Challenge,
  login: Login,
): Promise<Stepped<TokenResult>> {
  const { refusals, loginChecks } = session.settings.memory;
  const realm = parameters.get("realm") ?? "";
  const key = refusalKey(session, realm);
  const no = refusals.get(key);
  if (no !== undefined) return passed({ kind: no.readable ? "refused" : "unreadable", fetched: no.fetched });
  const known = loginChecks.get(key);
  if (known !== undefined) return known;
  if (isLimited(session, realm)) return passed({ kind: "withheld", why: "its token server said 429 before" });
  const request = { realm, service: parameters.get("service"), scopes: [], login, step: "login" } as const;
  const asked = requestToken(contextOf(session), request);
  loginChecks.set(key, asked);
  const result = await asked;
  if (!result.ok) loginChecks.delete(key);
  else if (result.value.kind === "token") session.keep(result.value.token);
  else if (result.value.kind !== "withheld" && result.value.fetched.response.status === 401) {
    const { kind, fetched } = result.value;
    refusals.set(key, { kind: "refused", step: "token", fetched, readable: kind === "refused" });
  }
  return result;
}

function isLimited(session: Session, realm: string): boolean {
  return URL.canParse(realm) && session.limit(new URL(realm).host) !== undefined;
}

function refusalKey(session: Session, realm: string): string {
  return `${realm} ${session.identity}`;
}

function contextOf(session: Session): TokenContext {
  const { runtime } = session.question;
  return {
    trip: session.trip,
    policy: session.policy,
    dialect: session.dialect,
    userAgent: session.settings.userAgent,
    from: session.from,
    base: session.pingUrl.href,
    getOnly: session.settings.memory.getOnly,
    pause: (step, target) => session.pause(step, target),
    ...(runtime && { runtime: runtime.name }),
  };
}
