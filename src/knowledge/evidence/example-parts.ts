import type { NodeFacts, Runtime } from "../../domain/cluster-facts.ts";
import type { Credential, PullSecret } from "../../domain/credential.ts";
import type { ImageReference } from "../../domain/image-reference.ts";
import {
  type Answer,
  anonymous,
  type ManifestFacts,
  type Meaning,
  type NodeConfigFacts,
  type Probe,
  type Step,
} from "../../domain/probe.ts";
import type { Read } from "../../domain/read.ts";
import { Redacted } from "../../domain/redacted.ts";
import type { FailureFacts, Symptom } from "../../domain/symptom.ts";
import type { Target } from "../../domain/target.ts";
import type { CauseExample } from "../causes/cause.ts";

/** Examples for a cause that only the node's text can show. */
export function textExamples(code: string): readonly CauseExample[] {
  return [
    {
      name: "the node's newest telling failure says so",
      file: { symptoms: [said("cause-hidden"), said(code)] },
      finds: "likely",
    },
    {
      name: "near miss: the newest failure says something else",
      file: { symptoms: [said("unknown"), said(code)] },
      finds: undefined,
    },
  ];
}

/** Examples for a cause that the node's configuration shows by itself: the node asks nobody. */
export function configExamples(code: string, nodeConfig: NodeConfigFacts): readonly CauseExample[] {
  const probes = [{ ...asked({ kind: "unasked", why: "the node asks nobody" }), nodeConfig }];
  return [
    {
      name: "the node's configuration says so, and so does the node",
      file: { symptoms: [said(code)], probes },
      finds: "certain",
    },
    {
      name: "the node's configuration says so, and nobody has tried yet",
      file: { target: { ...examplePod, containerKind: "planned" }, probes },
      finds: "certain",
    },
    {
      name: "the node's configuration says so, and the node names no cause",
      file: { symptoms: [said("cause-hidden")], probes },
      finds: "likely",
    },
    {
      name: "the node names another cause, so the file may be another node's",
      file: { symptoms: [said("registry-server-error")], probes },
      finds: "possible",
    },
    {
      name: "near miss: the node's configuration is in order",
      file: { probes: [{ ...asked(granted()), nodeConfig: { way: [reference.registry] } }] },
      finds: undefined,
    },
  ];
}

/** Examples for a cause whose text is the kubelet's own. */
export function kubeletExamples(code: string): readonly CauseExample[] {
  return [
    { name: "the kubelet itself says so", file: { symptoms: [saidByKubelet(code)] }, finds: "certain" },
    { name: "a text that was quoted elsewhere", file: { symptoms: [said(code)] }, finds: "likely" },
    {
      name: "near miss: it said so before, and something else since",
      file: { symptoms: [said("unknown"), saidByKubelet(code)] },
      finds: undefined,
    },
  ];
}

/** A node with one condition out of order, or none. */
export function exampleNode(
  condition?: string,
  runtime: Runtime = { name: "containerd", version: "2.1.4" },
): Read<NodeFacts> {
  return {
    kind: "found",
    value: {
      name: "node1",
      os: "linux",
      architecture: "amd64",
      runtime,
      kubeletVersion: "v1.34.1",
      ready: condition !== "Ready",
      troubles: condition === undefined ? [] : [{ type: condition, reason: "", message: "" }],
      images: [],
      labels: {},
    },
  };
}

/** Examples for trouble of the node that its conditions can bear out. */
export function conditionExamples(code: string, condition: string): readonly CauseExample[] {
  return [
    {
      name: "the node's condition says the same",
      file: { symptoms: [said(code)], node: exampleNode(condition) },
      finds: "certain",
    },
    { name: "only the node's text says so", file: { symptoms: [said(code)], node: exampleNode() }, finds: "likely" },
    {
      name: "near miss: the condition alone",
      file: { symptoms: [said("unauthorized")], node: exampleNode(condition) },
      finds: undefined,
    },
  ];
}

/** Examples for a refusal of the API server that a controller passes on. */
export function controllerExamples(code: string): readonly CauseExample[] {
  const text = said(code);
  const passedOn: Symptom = { ...text, failure: { ...text.failure, reason: "FailedCreate" } };
  return [
    { name: "the controller passes on what the API server said", file: { symptoms: [passedOn] }, finds: "certain" },
    { name: "the same words from elsewhere", file: { symptoms: [text] }, finds: "likely" },
    {
      name: "near miss: the pods are made by now, and fail otherwise",
      file: { symptoms: [said("unknown"), passedOn] },
      finds: undefined,
    },
  ];
}

/** Examples for a fault on the way to the registry; `alone` is what a sight from here alone is worth. */
export function networkExamples(
  fault: Extract<Answer, { kind: "unreachable" }>["fault"],
  alone: "likely" | "possible",
  told: string = fault,
): readonly CauseExample[] {
  const here = [asked(unreachable(fault))];
  return [
    { name: "node and probe see the same", file: { symptoms: [said(told)], probes: here }, finds: "certain" },
    {
      name: "only seen from here, the node names no cause",
      file: { symptoms: [said("cause-hidden")], probes: here },
      finds: alone,
    },
    {
      name: "near miss: seen from here, but the node got an answer",
      file: { symptoms: [said("unauthorized")], probes: here },
      finds: undefined,
    },
    {
      name: "near miss: the probe sees another fault and the node none",
      file: { probes: [asked(unreachable("bad-response"))] },
      finds: undefined,
    },
  ];
}

/** Examples for a cause that the registry's own answer names. */
export function answerExamples(
  code: string,
  meaning: Exclude<Meaning, "granted">,
  status: number,
): readonly CauseExample[] {
  return [
    { name: "the registry says so", file: { probes: [asked(refused(meaning, status))] }, finds: "certain" },
    { name: "only the node's text says so", file: { symptoms: [said(code)] }, finds: "likely" },
    {
      name: "near miss: the node said so, and the registry gives the image now",
      file: { symptoms: [said(code, { status })], probes: [asked(granted())] },
      finds: undefined,
    },
  ];
}

/** Examples for an answer that depends on who asks from where. */
export function placeExamples(
  code: string,
  meaning: Exclude<Meaning, "granted">,
  status: number,
): readonly CauseExample[] {
  const here = [asked(refused(meaning, status))];
  return [
    { name: "node and probe get the same answer", file: { symptoms: [said(code)], probes: here }, finds: "certain" },
    { name: "only from here, the node names no cause", file: { probes: here }, finds: "likely" },
    { name: "only the node gets it", file: { symptoms: [said(code)], probes: [asked(granted())] }, finds: "likely" },
    {
      name: "near miss: from here, but the node had the manifest",
      file: { symptoms: [said("disk-full")], probes: here },
      finds: undefined,
    },
  ];
}

/** Parts of case files for the examples in the causes: one shop, one registry, one login. */
export const reference: ImageReference = {
  text: "registry.example.com/shop/web:1.4",
  registry: "registry.example.com",
  repository: "shop/web",
  tag: "1.4",
};

/** The pod that pulls it. */
export const examplePod: Target = {
  namespace: "shop",
  pod: "web-6f9",
  container: "web",
  containerKind: "regular",
  image: reference.text,
  nodeSelector: {},
  pullSecretNames: [],
  failures: [],
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
