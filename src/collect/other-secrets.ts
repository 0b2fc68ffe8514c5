import type { ClusterFacts, SecretFacts } from "../domain/cluster-facts.ts";
import type { Target } from "../domain/target.ts";
import type { Cluster } from "./cluster.ts";
import { isTelling } from "./image-words.ts";
import { inParallel } from "./in-parallel.ts";
import { orInterrupted } from "./read-surroundings.ts";

/** Secrets that a target may lack; some of them other targets name. */
export type OtherSecrets = Required<Pick<ClusterFacts, "otherSecrets" | "namesakes">>;

const loginWords =
  /unauthorized|authoriz|authentication|access denied|\bdenied\b|forbidden|\b40[13]\b|credential|secret|basic auth/i;

/**
 * Might a login be missing? Where the pod's status says that a login was wanted or refused, or says nothing at all (older
 * kubelets while they wait), the other pull secrets of the namespace are worth a look: one of them may be the one the pod
 * forgot to name. A status that says "not found", a name that does not resolve and the like are not. An image that nobody
 * runs yet has no status; it may lack a login where it names a Secret.
 */
function mayLackLogin(target: Target): boolean {
  const { containerKind, failures, pullSecretNames } = target;
  if (containerKind === "planned") return pullSecretNames.length > 0;
  if (containerKind === "sandbox" || failures.some(({ reason }) => reason === "InvalidImageName")) return false;
  const words = statusWords(target);
  return words === undefined ? target.pod !== undefined : loginWords.test(words);
}

/** What the status says of the pull; undefined where it says nothing of the cause. */
function statusWords({ failures }: Target): string | undefined {
  const status = failures.find(({ source }) => source === "status");
  return status !== undefined && isTelling(status.message) ? status.message : undefined;
}

/** Namespaces and names looked into in one run. */
const mostNamespaces = 20;
const mostNames = 10;

/**
 * Where a login may be missing: pull secrets (by type) of the targets' namespaces, whether the pods name them or not; and,
 * where a pod names a Secret or its status speaks of a login, what other namespaces have in its place: by name, and, of
 * the first few, by type. All of it is an optional look in the same round trip as the rest: a refusal is no gap, for nothing
 * in the diagnosis hangs on it. Payloads stay sealed, and nothing of them is used but the registries they have entries for.
 */
export async function readOtherSecrets(
  targets: readonly Target[],
  cluster: Cluster,
  signal: AbortSignal,
): Promise<OtherSecrets> {
  const lacking = targets.filter(mayLackLogin);
  const near = [...new Set(lacking.map(({ namespace }) => namespace))].slice(0, mostNamespaces);
  const wide = lacking.some(
    (target) => target.pullSecretNames.length > 0 || loginWords.test(statusWords(target) ?? ""),
  );
  const names = [...new Set(lacking.flatMap(({ pullSecretNames }) => pullSecretNames))].filter((name) => name !== "");
  const [secrets, namesakes] = await Promise.all([
    inParallel([...near.map((one) => [one]), ...(wide ? [[]] : [])], 8, ([namespace]) =>
      orInterrupted(cluster.pullSecrets(namespace, signal), signal),
    ),
    inParallel(names.slice(0, mostNames), 8, async (name) => {
      const read = await orInterrupted(cluster.namespacesWithSecret(name, signal), signal);
      return read.kind === "found" ? read.value.map((namespace) => ({ namespace, name })) : [];
    }),
  ]);
  const found = secrets.flatMap((read) => (read.kind === "found" ? read.value : []));
  return {
    otherSecrets: [...new Map(found.map((secret): [string, SecretFacts] => [keyOf(secret), secret])).values()],
    namesakes: namesakes.flat(),
  };
}

function keyOf({ namespace, name }: SecretFacts): string {
  return `${namespace}/${name}`;
}

/** How much longer than the reads that are needed the optional ones may take, in milliseconds. */
const patience = 300;

/** An optional look beside what is needed: once that is there, the look is given a moment and then broken off. */
export async function lookBeside<Needed, Look>(
  needed: Promise<Needed>,
  look: (signal: AbortSignal) => Promise<Look>,
  signal: AbortSignal,
): Promise<readonly [Needed, Look]> {
  const enough = new AbortController();
  const stop = (): void => enough.abort(signal.reason);
  if (signal.aborted) stop();
  signal.addEventListener("abort", stop, { once: true });
  let clock: NodeJS.Timeout | undefined;
  const timed = needed.finally(() => {
    clock = setTimeout(() => enough.abort(new Error("the rest is there")), patience);
  });
  try {
    return await Promise.all([timed, look(enough.signal)]);
  } finally {
    clearTimeout(clock);
    signal.removeEventListener("abort", stop);
  }
}
