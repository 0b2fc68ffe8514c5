import type { Answer } from "../domain/probe.ts";
import { chooseChallenge } from "./parse-challenge.ts";
import { unreachable } from "./read-answer.ts";
import type { Session } from "./session.ts";
import { checkLogin } from "./token-access.ts";
import { tokenAnswer } from "./token-answer.ts";

/**
 * Whether the token server takes the login at all: a token without scope. Some give a token for a scope to anybody, and some refuse a
 * good login that has no right there: only here is it seen what the login is worth.
 */
export async function askLogin(session: Session): Promise<Answer> {
  const { login, settings } = session;
  if (login === undefined) return { kind: "unasked", why: "there is no login to check" };
  const challenges = settings.memory.challenges.get(session.place) ?? [];
  const choice = chooseChallenge(challenges, { username: login.username !== "", password: true });
  if (choice.kind !== "bearer") return { kind: "unasked", why: "the registry has no token server to ask" };
  const result = await checkLogin(session, choice.challenge, login);
  if (!result.ok) return unreachable(result.failure);
  const { value } = result;
  if (value.kind === "withheld") return { kind: "unasked", why: value.why };
  if (value.kind === "token") return { kind: "granted", meaning: "granted" };
  return tokenAnswer(session, value.fetched, value.kind === "refused", "login");
}
