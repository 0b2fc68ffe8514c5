import type { CaseFile } from "../domain/case-file.ts";
import type { ClusterFacts, ImageUse, SecretFacts } from "../domain/cluster-facts.ts";
import type { Credential, PullSecret } from "../domain/credential.ts";
import { canonicalName, type ImageReference, lookupName, type ParsedReference } from "../domain/image-reference.ts";
import { found, type Read } from "../domain/read.ts";
import type { Symptom } from "../domain/symptom.ts";
import type { PullFailure, Target } from "../domain/target.ts";
import { caseGaps } from "./case-gaps.ts";
import { decodeDockerConfigFile, decodePullSecret } from "./decode-pull-secret.ts";
import { type Keyring, lookUp, openKeyring } from "./keyring.ts";
import { matchOpened, type OpenedSecrets, openSecrets } from "./match-credentials.ts";
import { parseReference } from "./parse-reference.ts";
import { platformsOf } from "./platforms-of.ts";
import { recogniseFailure } from "./recognise-failure.ts";
import { usedAs } from "./runtime-login.ts";
import { withSecretAge } from "./secret-age.ts";

const unread = { kind: "unasked", why: "it was not read" } as const;

/**
 * Opens a case for every target: what the texts say, what the image is, which logins the kubelet would use, and what they look like.
 * Pure. What several targets share (a Secret, a message, an image) is worked out once, so the cost grows with what is broken.
 * `now` is RFC 3339, UTC.
 */
export function interpret(facts: ClusterFacts, now: string): readonly CaseFile[] {
  const known = openFacts(facts, now);
  return facts.targets.map((target) => openCase(target, facts, known, now));
}

/** What is shared between the cases of one run. */
interface Known {
  readonly reference: (image: string) => ParsedReference;
  readonly symptom: (failure: PullFailure, image: string) => Symptom;
  readonly secret: (namespace: string, name: string) => PullSecret;
  readonly opened: (namespace: string, names: readonly string[]) => OpenedSecrets;
  /** Secrets by their own keyrings, for what the pod does not name. */
  readonly others: readonly { readonly facts: SecretFacts; readonly keyring: Keyring }[];
  readonly uses: ReadonlyMap<string, readonly ImageUse[]>;
  readonly files: Keyring;
}

function openFacts(facts: ClusterFacts, now: string): Known {
  const reference = remembered(parseReference, (image) => image);
  const secret = remembered(
    (namespace: string, name: string) =>
      decodePullSecret(namespace, name, facts.secrets.get(`${namespace}/${name}`) ?? unread, now),
    (namespace, name) => `${namespace}/${name}`,
  );
  const opened = remembered(
    (namespace: string, names: readonly string[]) => openSecrets(names.map((name) => secret(namespace, name))),
    (namespace, names) => JSON.stringify([namespace, ...names]),
  );
  const symptom = remembered(
    (failure: PullFailure, image: string) => recogniseFailure(failure, image),
    (failure, image) => JSON.stringify([failure.source, failure.reason, failure.message, image]),
  );
  const others = facts.otherSecrets.map((other) => {
    const read: Read<SecretFacts> = { kind: "found", value: other };
    return { facts: other, keyring: openKeyring(decodePullSecret(other.namespace, other.name, read, now).credentials) };
  });
  const files = (facts.dockerConfigs ?? []).flatMap(
    ({ file, content }) => decodeDockerConfigFile(file, content, now).credentials,
  );
  return {
    reference,
    // The same words at another time are another failure.
    symptom: (failure, image) => ({ ...symptom(failure, image), failure }),
    secret,
    opened,
    others,
    uses: Map.groupBy(facts.imageUses, ({ image }) => imageKey(reference(image))),
    files: openKeyring(files),
  };
}

function openCase(target: Target, facts: ClusterFacts, known: Known, now: string): CaseFile {
  const { namespace } = target;
  const reference = known.reference(target.image);
  const names = [...new Set(target.pullSecretNames.filter((name) => name !== ""))];
  const node = (target.nodeName === undefined ? undefined : facts.nodes.get(target.nodeName)) ?? unread;
  const serviceAccount = facts.serviceAccounts.get(`${namespace}/${target.serviceAccountName ?? "default"}`) ?? unread;
  const secrets = names.map((name) => known.secret(namespace, name));
  const match = matchFor(reference, names, target, known);
  const runtime = found(node)?.runtime.name;
  return {
    target,
    reference,
    symptoms: symptomsOf(target, known),
    pullSecrets: secrets.map((secret) => withSecretAge(secret, target, now)),
    candidates: match.candidates.map((credential) => withUse(credential, runtime)),
    ...(match.blockedBy === undefined ? {} : { keyringBlockedBy: match.blockedBy }),
    nearMisses: match.nearMisses,
    unusedSecrets: reference.kind === "valid" ? unusedFor(reference.reference, target, known) : [],
    namesakes: namesakesOf(secrets, known),
    serviceAccount,
    node,
    platforms: platformsOf(target, facts.nodes),
    imageUses: known.uses.get(imageKey(reference)) ?? [],
    probes: [],
    gaps: caseGaps(namespace, names, facts, serviceAccount, node),
    now,
  };
}

/** The Secrets' logins first, then those of a file that the user named, as the kubelet puts its node's file after the Secrets. */
function matchFor(
  reference: ParsedReference,
  names: readonly string[],
  { namespace }: Target,
  known: Known,
): ReturnType<typeof matchOpened> {
  if (reference.kind === "invalid") return { candidates: [], nearMisses: [] };
  const match = matchOpened(reference.reference, known.opened(namespace, names));
  if (match.blockedBy !== undefined) return match;
  const fromFiles = lookUp(known.files, lookupName(reference.reference));
  return { ...match, candidates: [...match.candidates, ...fromFiles] };
}

function withUse(credential: Credential, runtime: string | undefined): Credential {
  if (runtime === undefined || credential.identityToken !== undefined) return credential;
  const use = usedAs({ username: credential.username, hasPassword: !credential.password.isEmpty }, runtime);
  return use === undefined ? credential : { ...credential, usedAs: use };
}

/** The kubelet's notice that a Secret is missing comes with every pull, also with those that work: it stands behind what failed. */
function symptomsOf(target: Target, known: Known): readonly Symptom[] {
  const symptoms = target.failures.map((failure) => known.symptom(failure, target.image));
  const isNotice = ({ failure }: Symptom): boolean => failure.reason === "FailedToRetrieveImagePullSecret";
  return [...symptoms.filter((symptom) => !isNotice(symptom)), ...symptoms.filter(isNotice)];
}

/** Secrets with an entry for the image that the pod does not name; those of its own namespace first. */
function unusedFor(reference: ImageReference, target: Target, known: Known): CaseFile["unusedSecrets"] {
  const own = ({ namespace }: { namespace: string }): boolean => namespace === target.namespace;
  const unused = known.others.flatMap(({ facts, keyring }) => {
    if (own(facts) && target.pullSecretNames.includes(facts.name)) return [];
    const [login] = lookUp(keyring, lookupName(reference));
    return login === undefined ? [] : [{ namespace: facts.namespace, name: facts.name, key: login.source.key }];
  });
  return [...unused.filter(own), ...unused.filter((secret) => !own(secret))];
}

/** For each Secret that is missing: the Secrets of that name in other namespaces. */
function namesakesOf(secrets: readonly PullSecret[], known: Known): NonNullable<CaseFile["namesakes"]> {
  const missing = new Set(secrets.filter(({ state }) => state === "missing").map(({ name }) => name));
  if (missing.size === 0) return [];
  return known.others
    .filter(({ facts }) => missing.has(facts.name))
    .map(({ facts: { namespace, name } }) => ({ namespace, name }));
}

function imageKey(reference: ParsedReference): string {
  return reference.kind === "valid" ? canonicalName(reference.reference) : `invalid ${reference.text}`;
}

/** A function that works out each answer once. */
function remembered<Arguments extends readonly unknown[], Result>(
  work: (...given: Arguments) => Result,
  keyOf: (...given: Arguments) => string,
): (...given: Arguments) => Result {
  const results = new Map<string, Result>();
  return (...given) => {
    const key = keyOf(...given);
    const known = results.get(key);
    if (known !== undefined) return known;
    const result = work(...given);
    results.set(key, result);
    return result;
  };
}
