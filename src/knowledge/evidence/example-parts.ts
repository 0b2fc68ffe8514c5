import type { Credential, PullSecret } from "../../domain/credential.ts";
import type { ImageReference } from "../../domain/image-reference.ts";
import { type Answer, anonymous, type ManifestFacts, type Meaning, type Probe, type Step } from "../../domain/probe.ts";
import { Redacted } from "../../domain/redacted.ts";
import type { FailureFacts, Symptom } from "../../domain/symptom.ts";

/** Parts of case files for the examples in the causes: one shop, one registry, one login. */
export const reference: ImageReference = {
  text: "registry.example.com/shop/web:1.4",
  registry: "registry.example.com",
  repository: "shop/web",
  tag: "1.4",
};

/** A node's failure text, already recognised as `code`. */
export function said(code: string, facts: FailureFacts = {}, alternatives: readonly string[] = []): Symptom {
  return {
    code,
    alternatives,
    certainty: "likely",
    facts,
    quote: `text for ${code}`,
    failure: { source: "event", reason: "Failed", message: `text for ${code}`, at: "2026-11-24T11:58:00Z" },
  };
}

/** The same with the kubelet itself as the source. */
export function saidByKubelet(code: string): Symptom {
  return { ...said(code), certainty: "certain" };
}

/** The login of a pull secret. */
export function login(secret = "regcred", username = "ci-bot"): Credential {
  return {
    source: { kind: "pull-secret", namespace: "shop", secret, key: reference.registry },
    username,
    password: new Redacted(`password of ${secret}`),
  };
}

/** A pull secret of the pod. */
export function pullSecret(state: PullSecret["state"], parts: Partial<PullSecret> = {}): PullSecret {
  return { namespace: "shop", name: "regcred", state, keys: [], credentials: [], faults: [], ...parts };
}

/** The manifest asked for, with a login or with none. */
export function asked(answer: Answer, credential?: Credential, kind: Probe["question"]["kind"] = "manifest"): Probe {
  return {
    question: { kind, reference, as: credential === undefined ? anonymous : { kind: "login", credential } },
    answer,
    ladder: [],
  };
}

/** The registry gives the manifest. */
export function granted(manifest: Partial<ManifestFacts> = {}): Answer {
  const facts: ManifestFacts = {
    mediaType: "application/vnd.oci.image.index.v1+json",
    kind: "index",
    platforms: [],
    ...manifest,
  };
  return { kind: "granted", meaning: "granted", manifest: facts };
}

/** The registry, or with `step` its token server, refuses. */
export function refused(meaning: Exclude<Meaning, "granted">, status = 401, step: Step = "manifest"): Answer {
  return { kind: "refused", step, meaning, words: { status } };
}

/** No answer came. */
export function unreachable(
  fault: Extract<Answer, { kind: "unreachable" }>["fault"],
  step: Step = "connect",
  host = reference.registry,
): Answer {
  return { kind: "unreachable", step, fault, host };
}

/** The tags of the repository. */
export function tags(...names: readonly string[]): Answer {
  return { kind: "tags", meaning: "granted", tags: names, complete: true };
}
