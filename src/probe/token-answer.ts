import type { Answer } from "../domain/probe.ts";
import type { Fetched } from "./follow.ts";
import { type Asking, readRefusal } from "./read-answer.ts";
import type { Session } from "./session.ts";

/** What of a session the meaning of an answer depends on. */
export function readingAs(session: Session): Omit<Asking, "step"> {
  return { dialect: session.dialect, withLogin: session.login !== undefined, clean: session.clean };
}

/** The token server's no, or its good status without a token. `readable` is false for the latter. */
export function tokenAnswer(
  session: Session,
  fetched: Fetched,
  readable: boolean,
  step: "token" | "login" = "token",
): Extract<Answer, { kind: "refused" }> {
  const refusal = readable ? readRefusal(fetched, { ...readingAs(session), step }) : undefined;
  if (refusal !== undefined) return refusal;
  const { status } = fetched.response;
  return { kind: "refused", step, meaning: "token-server-fault", words: { status, message: "no token in the answer" } };
}
