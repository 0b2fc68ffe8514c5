import type { CaseFile } from "../domain/case-file.ts";
import type { ClusterFacts, ImageUse } from "../domain/cluster-facts.ts";
import type { Credential, PullSecret } from "../domain/credential.ts";
import type { Gap } from "../domain/gap.ts";
import { type ImageReference, imageKey, lookupName, type ParsedReference } from "../domain/image-reference.ts";
import { found } from "../domain/read.ts";
import type { Symptom } from "../domain/symptom.ts";
import type { PullFailure, Target } from "../domain/target.ts";
import { decodeDockerConfigFile, decodePullSecret, keysWithLogin, withoutPasswords } from "./decode-pull-secret.ts";
import { fileGaps } from "./file-gaps.ts";
import { type Keyed, type Keyring, lookUp, openKeyring } from "./keyring.ts";
import { type Match, matchOpened, openSecrets } from "./match-credentials.ts";
import { parseReference } from "./parse-reference.ts";
import { platformsOf } from "./platforms-of.ts";
import { recogniseFailure } from "./recognise-failure.ts";
import { usedAs } from "./runtime-login.ts";
import { withSecretAge } from "./secret-age.ts";
import { isShortName } from "./short-names.ts";

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
  /** What the Secrets of these names hold for an image, and after them the files. */
  readonly match: (namespace: string, names: readonly string[], reference: ImageReference) => Match;
  readonly unused: (
    namespace: string,
    names: readonly string[],
    reference: ImageReference,
  ) => CaseFile["unusedSecrets"];
  readonly others: readonly Other[];
  /** What the files hold that was not read: credential stores, broken JSON. */
  readonly fileGaps: readonly Gap[];
  readonly uses: ReadonlyMap<string, readonly ImageUse[]>;
}

/** A Secret that no target names: nothing of it is kept but where it is and which registries it has entries for. */
interface Other {
  readonly namespace: string;
  readonly name: string;
  readonly keyring: Keyring<Keyed>;
}

/** Other Secrets and namesakes that one case carries: more would be read by nobody. */
const mostOthers = 10;

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
  const keyOfMatch = (namespace: string, names: readonly string[], reference: ImageReference): string =>
    JSON.stringify([namespace, lookupName(reference), ...names]);
  const others = facts.otherSecrets.map((other): Other => {
    const { namespace, name } = other;
    return { namespace, name, keyring: openKeyring(keysWithLogin(other, now).map((key) => ({ source: { key } }))) };
  });
  const configs = (facts.dockerConfigs ?? []).map(({ file, content }) => ({
    file,
    ...decodeDockerConfigFile(file, content, now),
  }));
  const files = openKeyring(configs.flatMap(({ credentials }) => credentials));
  return {
    reference,
    // The same words at another time are another failure.
    symptom: (failure, image) => ({ ...symptom(failure, image), failure }),
    secret,
    match: remembered((namespace: string, names: readonly string[], reference: ImageReference) => {
      const match = matchOpened(reference, opened(namespace, names));
      if (match.blockedBy !== undefined) return match;
      // As the kubelet puts its node's own file after the Secrets.
      return { ...match, candidates: [...match.candidates, ...lookUp(files, lookupName(reference))] };
    }, keyOfMatch),
    unused: remembered(
      (namespace: string, names: readonly string[], reference: ImageReference) =>
        unusedFor(reference, namespace, names, others),
      keyOfMatch,
    ),
    others,
    fileGaps: configs.flatMap(({ file, faults }) => fileGaps(file, faults)),
    uses: Map.groupBy(facts.imageUses, ({ image }) => imageKey(reference(image))),
  };
}

function openCase(target: Target, facts: ClusterFacts, known: Known, now: string): CaseFile {
  const { namespace } = target;
  const reference = known.reference(target.image);
  // The sandbox's image is pulled by the runtime itself, with the node's logins alone.
  const named = target.containerKind === "sandbox" ? [] : target.pullSecretNames;
  const names = [...new Set(named.filter((name) => name !== ""))];
  const node = (target.nodeName === undefined ? undefined : facts.nodes.get(target.nodeName)) ?? unread;
  const serviceAccount = facts.serviceAccounts.get(`${namespace}/${target.serviceAccountName ?? "default"}`) ?? unread;
  const secrets = names.map((name) => known.secret(namespace, name));
  const match = reference.kind === "valid" ? known.match(namespace, names, reference.reference) : noMatch;
  const runtime = found(node)?.runtime.name;
  return {
    target,
    reference,
    ...(runtime === "cri-o" && isShortName(target.image) ? { shortNameInCrio: true } : {}),
    symptoms: symptomsOf(target, known).map((symptom) => withoutRepeats(symptom, secrets, target.image)),
    pullSecrets: secrets.map((secret) => withSecretAge(secret, target, now)),
    candidates: match.candidates.map((credential) => withUse(credential, runtime)),
    ...(match.blockedBy === undefined ? {} : { keyringBlockedBy: match.blockedBy }),
    nearMisses: match.nearMisses,
    unusedSecrets: reference.kind === "valid" ? known.unused(namespace, names, reference.reference) : [],
    namesakes: namesakesOf(secrets, namespace, reference, facts, known.others),
    serviceAccount,
    node,
    platforms: platformsOf(target, facts.nodes),
    imageUses: known.uses.get(imageKey(reference)) ?? [],
    probes: [],
    gaps: known.fileGaps,
    now,
  };
}

const noMatch: Match = { candidates: [], nearMisses: [] };

function withUse(credential: Credential, runtime: string | undefined): Credential {
  if (runtime === undefined || credential.identityToken !== undefined) return credential;
  const use = usedAs({ username: credential.username, hasPassword: !credential.password.isEmpty }, runtime);
  return use === undefined ? credential : { ...credential, usedAs: use };
}

/** The words of a symptom, once they are recognised, without the pod's own passwords. */
function withoutRepeats(symptom: Symptom, secrets: readonly PullSecret[], image: string): Symptom {
  const credentials = secrets.flatMap((secret) => secret.credentials);
  const clean = (text: string): string => withoutPasswords(text, credentials, image);
  const [quote, message] = [clean(symptom.quote), clean(symptom.failure.message)];
  if (quote === symptom.quote && message === symptom.failure.message) return symptom;
  return { ...symptom, quote, failure: { ...symptom.failure, message } };
}

/** The kubelet's notice that a Secret is missing comes with every pull, also with those that work: it stands behind what failed. */
function symptomsOf(target: Target, known: Known): readonly Symptom[] {
  const symptoms = target.failures.map((failure) => known.symptom(failure, target.image));
  const isNotice = ({ failure }: Symptom): boolean => failure.reason === "FailedToRetrieveImagePullSecret";
  return [...symptoms.filter((symptom) => !isNotice(symptom)), ...symptoms.filter(isNotice)];
}

/** Secrets with an entry for the image that the pod does not name; those of its own namespace first. */
function unusedFor(
  reference: ImageReference,
  home: string,
  named: readonly string[],
  others: readonly Other[],
): CaseFile["unusedSecrets"] {
  const unused = others.flatMap(({ namespace, name, keyring }) => {
    if (namespace === home && named.includes(name)) return [];
    const [login] = lookUp(keyring, lookupName(reference));
    return login === undefined ? [] : [{ namespace, name, key: login.source.key }];
  });
  return [
    ...unused.filter(({ namespace }) => namespace === home),
    ...unused.filter(({ namespace }) => namespace !== home),
  ].slice(0, mostOthers);
}

/** For each Secret that is missing: the Secrets of that name in other namespaces, those with an entry for the image first. */
function namesakesOf(
  secrets: readonly PullSecret[],
  home: string,
  reference: ParsedReference,
  facts: ClusterFacts,
  others: readonly Other[],
): NonNullable<CaseFile["namesakes"]> {
  const missing = new Set(secrets.filter(({ state }) => state === "missing").map(({ name }) => name));
  if (missing.size === 0) return [];
  const fits = (namespace: string, name: string): boolean | undefined => {
    const other = others.find((one) => one.namespace === namespace && one.name === name);
    if (other === undefined || reference.kind !== "valid") return undefined;
    return lookUp(other.keyring, lookupName(reference.reference)).length > 0;
  };
  const found = new Map(
    [...(facts.namesakes ?? []), ...others]
      .filter(({ namespace, name }) => namespace !== home && missing.has(name))
      .map(({ namespace, name }) => [`${namespace}/${name}`, { namespace, name, fits: fits(namespace, name) }]),
  );
  const order = [true, undefined, false];
  return [...found.values()]
    .sort((a, b) => order.indexOf(a.fits) - order.indexOf(b.fits))
    .slice(0, mostOthers)
    .map(({ fits: known, ...secret }) => (known === undefined ? secret : { ...secret, fits: known }));
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
