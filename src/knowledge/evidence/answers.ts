import type { CaseFile } from "../../domain/case-file.ts";
import type { Credential, PullSecret } from "../../domain/credential.ts";
import type { Answer, ManifestFacts, Meaning, Probe, Question } from "../../domain/probe.ts";
import { toldCode } from "./symptoms.ts";

export type Refusal = Extract<Answer, { kind: "refused" }>;
export type Unreachable = Extract<Answer, { kind: "unreachable" }>;

/** One identity that the kubelet would ask as, with what came of it. */
export interface Asked {
  /** Absent: asked without a login. */
  readonly credential?: Credential;
  /** The manifest asked for as this identity; absent where nobody asked. */
  readonly probe?: Probe;
}

/** An entry `{}` counts as a login for the kubelet, and the runtime then asks without one. */
export function isEmptyLogin(credential: Credential): boolean {
  return credential.usedAs === "anonymous" || (credential.username === "" && credential.password.isEmpty);
}

/** Whether both are the same user and password, wherever they are kept: a registry cannot tell them apart, and is asked once. */
function sameLogin(a: Credential, b: Credential): boolean {
  return a.username === b.username && a.password.equals(b.password);
}

function asks(probe: Probe, kind: Question["kind"], credential: Credential | undefined): boolean {
  const { question } = probe;
  if (question.kind !== kind || question.via !== undefined) return false;
  if (credential === undefined || isEmptyLogin(credential)) return question.as.kind === "anonymous";
  return question.as.kind === "login" && sameLogin(question.as.credential, credential);
}

const weight: Readonly<Record<Answer["kind"], number>> = {
  granted: 0,
  tags: 0,
  signatures: 0,
  refused: 1,
  unreachable: 2,
  unasked: 3,
};

/** The most telling probe of this kind as this identity, asked at the registry itself. */
export function probeAs(file: CaseFile, kind: Question["kind"], credential: Credential | undefined): Probe | undefined {
  return file.probes
    .filter((probe) => asks(probe, kind, credential))
    .sort((a, b) => weight[a.answer.kind] - weight[b.answer.kind])[0];
}

/** All answers about the manifest as the kubelet would ask: every login it has, in its order, or none where it has none. */
export function asTheNode(file: CaseFile): readonly Asked[] {
  const identities: readonly (Credential | undefined)[] = file.candidates.length > 0 ? file.candidates : [undefined];
  return identities.map((credential) => {
    const probe = probeAs(file, "manifest", credential);
    return { ...(credential && { credential }), ...(probe && { probe }) };
  });
}

/** The answer without a login: what the node would get if it had none, and the control for every verdict about a login. */
export function anonymousProbe(file: CaseFile): Probe | undefined {
  return probeAs(file, "manifest", undefined);
}

/** Whether every login the kubelet has from the API server is known: no pull secret was kept from us. */
export function secretsRead(file: CaseFile): boolean {
  const { kind } = file.serviceAccount;
  // Admission would name the service account's Secrets in an image that nobody runs yet.
  if (file.target.containerKind === "planned" && (kind === "forbidden" || kind === "failed")) return false;
  return !file.pullSecrets.some(isUnseen);
}

/** Whether what a Secret holds was not seen, since it was refused or not read. */
export function isUnseen({ state }: PullSecret): boolean {
  return state === "forbidden" || state === "unreadable";
}

/** The identities to which the registry gives the manifest, and the places of the node's own way, if it is known, that give it. */
export function grantedAsTheNode(file: CaseFile): readonly Asked[] {
  return [...grantedByTheRegistry(file), ...grantedOnTheWay(file).map((probe) => ({ probe }))];
}

/** The identities to which the registry itself gives the manifest. */
export function grantedByTheRegistry(file: CaseFile): readonly Asked[] {
  return asTheNode(file).filter(({ probe }) => probe?.answer.kind === "granted");
}

/**
 * Mirrors that the node asks before the registry or in its place, and that give the manifest: one is enough for the node. None where
 * the node names why it failed: then it did not get that far, or goes another way than the configuration that we were given.
 */
export function grantedOnTheWay(file: CaseFile): readonly Probe[] {
  if (toldCode(file) !== undefined) return [];
  return file.probes.filter(
    ({ question, answer }) => question.kind === "manifest" && question.via !== undefined && answer.kind === "granted",
  );
}

export function refusalOf(probe: Probe | undefined): Refusal | undefined {
  return probe?.answer.kind === "refused" ? probe.answer : undefined;
}

/** Identities of the kubelet that were refused with one of these meanings. */
export function refusedAsTheNode(file: CaseFile, meanings: readonly Meaning[]): readonly (Asked & { probe: Probe })[] {
  return asTheNode(file).flatMap((asked) => {
    const refusal = refusalOf(asked.probe);
    return asked.probe && refusal && meanings.includes(refusal.meaning) ? [{ ...asked, probe: asked.probe }] : [];
  });
}

/** What the registry has under the name, as any identity of the kubelet or nobody was given it. */
export function manifestsSeen(file: CaseFile): readonly { readonly facts: ManifestFacts; readonly probe: Probe }[] {
  return file.probes.flatMap((probe) =>
    probe.question.kind === "manifest" && probe.question.via === undefined && probe.answer.kind === "granted"
      ? probe.answer.manifest
        ? [{ facts: probe.answer.manifest, probe }]
        : []
      : [],
  );
}

/** The first time no answer came from the registry, its token server or the proxy to them. */
export function unreachableProbe(file: CaseFile): (Probe & { answer: Unreachable }) | undefined {
  for (const probe of file.probes) {
    const { answer, question } = probe;
    if (question.kind === "manifest" && question.via === undefined && answer.kind === "unreachable")
      return { ...probe, answer };
  }
  return undefined;
}
