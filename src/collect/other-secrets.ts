import type { SecretFacts } from "../domain/cluster-facts.ts";
import type { Target } from "../domain/target.ts";
import type { Cluster } from "./cluster.ts";
import { isTelling } from "./image-words.ts";
import { inParallel } from "./in-parallel.ts";
import { orInterrupted } from "./read-surroundings.ts";

/**
 * Might a login be missing? Where the pod's status says that a login was wanted or refused, or says nothing at all (older
 * kubelets while they wait), the other pull secrets of the namespace are worth a look: one of them may be the one the pod
 * forgot to name. A status that says "not found", a name that does not resolve and the like are not.
 */
export function mayLackLogin(target: Target): boolean {
  if (target.containerKind === "sandbox" || target.failures.some(({ reason }) => reason === "InvalidImageName"))
    return false;
  const status = target.failures.find(({ source }) => source === "status");
  if (status === undefined || !isTelling(status.message)) return target.pod !== undefined;
  return /unauthorized|authoriz|authentication|access denied|\bdenied\b|forbidden|\b40[13]\b|credential|secret|basic auth/i.test(
    status.message,
  );
}

/** Namespaces looked into in one run. */
const mostNamespaces = 20;

/**
 * Pull secrets (by type) of the targets' namespaces, whether the pods name them or not. An optional look in the same round
 * trip as the rest: a refusal is no gap, for nothing in the diagnosis hangs on it. Payloads stay sealed.
 */
export async function readOtherSecrets(
  targets: readonly Target[],
  cluster: Cluster,
  signal: AbortSignal,
): Promise<readonly SecretFacts[]> {
  const namespaces = [...new Set(targets.map(({ namespace }) => namespace))].slice(0, mostNamespaces);
  const reads = await inParallel(namespaces, 8, (namespace) =>
    orInterrupted(cluster.pullSecrets(namespace, signal), signal),
  );
  return reads.flatMap((read) => (read.kind === "found" ? read.value : []));
}
