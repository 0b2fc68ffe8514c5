import type { Answer } from "../domain/probe.ts";
import { artifactKind } from "./artifact-kinds.ts";
import { type Asking, askAs } from "./ask-as.ts";
import { field, objectsField, parseObject, textField } from "./manifest-json.ts";
import { isDigest, manifestTypes } from "./manifest-request.ts";
import { readRefusal, unreachable } from "./read-answer.ts";
import { readBody } from "./read-body.ts";
import type { Session } from "./session.ts";
import { readingAs, tokenAnswer } from "./token-answer.ts";

const largestIndex = 1_048_576;

/** Tags under which cosign keeps what belongs to a digest. (sigstore/cosign:pkg/oci/remote/remote.go) */
const cosignTags = [
  ["sig", "cosign signature"],
  ["att", "cosign attestation"],
] as const;

/**
 * What vouches for a digest: what the referrers API lists (OCI 1.1), and cosign's tags. Names of kinds, each once.
 * A registry without the API answers 404, which says nothing.
 */
export async function askSignatures(session: Session): Promise<Answer> {
  const { digest } = session.question.reference;
  if (digest === undefined || !isDigest(digest)) return { kind: "unasked", why: "no digest is known for it" };
  const found = new Set<string>();
  const referrers = await ask(session, "GET", `/referrers/${digest}`, "application/vnd.oci.image.index.v1+json");
  if (referrers.kind === "answer") {
    if (referrers.answer.kind !== "refused" || referrers.answer.words.status !== 404) return referrers.answer;
  } else for (const kind of kindsIn(referrers.body)) found.add(kind);
  for (const [suffix, kind] of cosignTags) {
    const tag = `${digest.replace(":", "-")}.${suffix}`;
    const manifest = await ask(session, "HEAD", `/manifests/${tag}`, manifestTypes);
    if (manifest.kind === "found") found.add(kind);
  }
  return { kind: "signatures", meaning: "granted", found: [...found] };
}

function kindsIn(body: Buffer | undefined): readonly string[] {
  const index = body === undefined ? undefined : parseObject(body);
  if (index === undefined || !Array.isArray(field(index, "manifests"))) return [];
  return objectsField(index, "manifests").map((entry) => {
    const artifactType = textField(entry, "artifactType");
    return artifactKind({ artifactType, configType: "", layerTypes: [] }) ?? (artifactType || "artifact");
  });
}

type Reply =
  | { readonly kind: "found"; readonly body: Buffer | undefined }
  | { readonly kind: "answer"; readonly answer: Answer };

async function ask(session: Session, method: Asking["method"], tail: string, accept: string): Promise<Reply> {
  const asking: Asking = { step: "signatures", method, url: session.url(tail), accept, limit: largestIndex };
  const outcome = await askAs(session, asking);
  if (outcome.kind === "failed") return { kind: "answer", answer: unreachable(outcome.failure) };
  if (outcome.kind === "unasked") return { kind: "answer", answer: outcome };
  if (outcome.kind === "no-token")
    return { kind: "answer", answer: tokenAnswer(session, outcome.fetched, outcome.readable) };
  const { fetched, scheme } = outcome;
  const refusal = readRefusal(fetched, { ...readingAs(session), step: "signatures", ...(scheme && { scheme }) });
  if (refusal !== undefined) return { kind: "answer", answer: refusal };
  return { kind: "found", body: readBody(fetched.response, largestIndex) };
}
