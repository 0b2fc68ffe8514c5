import type { Fetched } from "./follow.ts";
import type { Session } from "./session.ts";
import type { Stepped } from "./step-failure.ts";

/** Bytes of an answer that are kept for the other identities that ask the same. */
const largestKept = 65_536;

type Asking = Parameters<Session["fetch"]>[0];

/** The first request for a URL goes out without authorization, so all identities share its answer. */
export function firstRequest(session: Session, asking: Asking): Promise<Stepped<Fetched>> {
  const { openings } = session.settings.memory;
  // A mirror of the node's configuration may be the registry itself with another trust.
  const way = session.question.via === undefined ? "" : JSON.stringify(session.question.via);
  const key = `${asking.method} ${asking.url.href} ${way}`;
  const known = openings.get(key);
  if (known !== undefined) return known;
  const asked = session.fetch(asking).then((fetched) => {
    // Thousands of images at a registry that pours out bytes: what is as large as no manifest is, is not kept for the others.
    const large = fetched.ok && fetched.value.response.body.length > largestKept;
    if (large || (!fetched.ok && fetched.failure.unsent !== undefined)) openings.delete(key);
    return fetched;
  });
  openings.set(key, asked);
  return asked;
}

/** What `/v2/` answers to whoever asks without authorization. */
export function ping(session: Session): Promise<Stepped<Fetched>> {
  return firstRequest(session, { step: "challenge", method: "GET", url: session.pingUrl, limit: 4_096 });
}
