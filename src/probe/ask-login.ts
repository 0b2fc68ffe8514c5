import type { Answer } from "../domain/probe.ts";
import { contextOf } from "./ask-as.ts";
import { tokenAnswer } from "./ask-manifest.ts";
import { chooseChallenge } from "./parse-challenge.ts";
import { unreachable } from "./read-answer.ts";
import { requestToken } from "./request-token.ts";
import type { Session } from "./session.ts";

/**
 * Whether the token server takes the login at all: a token without scope. Some give a token for a scope to anybody, and a wrong login
 * is seen only here. A login that was refused before is not sent again; the earlier answer stands.
 */
export async function askLogin(session: Session): Promise<Answer> {
  const { login, identity, settings } = session;
  if (login === undefined) return { kind: "unasked", why: "there is no login to check" };
  const challenges = settings.memory.challenges.get(session.place) ?? [];
  const choice = chooseChallenge(challenges, { username: login.username !== "", password: true });
  if (choice.kind !== "bearer") return { kind: "unasked", why: "the registry has no token server to ask" };
  const { parameters } = choice.challenge;
  const realm = parameters.get("realm") ?? "";
  const key = `${realm} ${identity}`;
  const no = settings.memory.refusals.get(key);
  if (no !== undefined) return tokenAnswer(session, no.fetched, no.readable, "login");
  const service = parameters.get("service");
  const result = await requestToken(contextOf(session), { realm, service, scopes: [], login, step: "login" });
  if (!result.ok) return unreachable(result.failure);
  const { value } = result;
  if (value.kind === "withheld") return { kind: "unasked", why: value.why };
  if (value.kind === "token") return { kind: "granted", meaning: "granted" };
  const readable = value.kind === "refused";
  if (value.fetched.response.status === 401)
    settings.memory.refusals.set(key, { kind: "refused", step: "token", fetched: value.fetched, readable });
  return tokenAnswer(session, value.fetched, readable, "login");
}
