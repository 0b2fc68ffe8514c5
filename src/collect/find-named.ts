import { KnownError } from "../domain/known-error.ts";
import type { Progress } from "../domain/progress.ts";
import type { NamedResource } from "../domain/query.ts";
import type { Cluster } from "./cluster.ts";
import { findWorkloadPods, readWorkload } from "./find-workload.ts";
import type { FoundPods } from "./found-pods.ts";
import { inParallel } from "./in-parallel.ts";
import { nearestNames } from "./nearest-names.ts";
import { plain } from "./plain-name.ts";
import type { PodFacts } from "./pod-facts.ts";
import { gapOf } from "./refusal-gap.ts";

const atOnce = 8;

/**
 * The pods that names mean: pods themselves, or the pods of workloads.
 * Throws KnownError where there is nothing of a name (with the nearest names), or where the only pod may not be read.
 */
export async function findNamed(
  resources: readonly NamedResource[],
  namespace: string,
  cluster: Cluster,
  progress: Progress,
  signal: AbortSignal,
): Promise<FoundPods> {
  const found = await inParallel(resources, atOnce, async (resource, index) => {
    const count = resources.length > 1 ? ` (${index + 1} of ${resources.length})` : "";
    progress.update(`Reading ${resource.type} ${namespace}/${plain(resource.name)}${count}`);
    if (resource.type === "pod") return findPod(resource.name, namespace, resources.length > 1, cluster, signal);
    return findWorkloadPods(await readWorkload(resource, namespace, cluster, signal), cluster, signal);
  });
  const pods = new Map<string, PodFacts>();
  for (const pod of found.flatMap((one) => one.pods)) pods.set(`${pod.namespace}/${pod.name}`, pod);
  return {
    pods: [...pods.values()],
    podless: found.flatMap((one) => one.podless),
    gaps: found.flatMap((one) => one.gaps),
    examined: found.reduce((sum, one) => sum + one.examined, 0),
    unread: found.reduce((sum, { unread = 0 }) => sum + unread, 0),
  };
}

async function findPod(
  name: string,
  namespace: string,
  amongOthers: boolean,
  cluster: Cluster,
  signal: AbortSignal,
): Promise<FoundPods> {
  const read = await cluster.pod(namespace, name, signal);
  if (read.kind === "found") return { pods: [read.value], podless: [], gaps: [], examined: 1 };
  if (read.kind === "absent") throw await notFound("pod", name, namespace, cluster, signal);
  const gap = gapOf(`pod ${namespace}/${plain(name)}`, read);
  if (amongOthers) return { pods: [], podless: [], gaps: [gap], examined: 0, unread: 1 };
  throw new KnownError(
    "cluster-unreadable",
    `pod ${namespace}/${plain(name)}: ${gap?.why}`,
    gap?.remedy ?? "Try again.",
    { passing: read.kind === "failed" },
  );
}

/** One sentence, and the names that were perhaps meant. The look for them is optional: whatever it meets is passed over. */
async function notFound(
  type: string,
  name: string,
  namespace: string,
  cluster: Cluster,
  signal: AbortSignal,
): Promise<KnownError> {
  const read = await cluster.podNames(namespace, signal).catch(() => undefined);
  const near = nearestNames(name, read?.kind === "found" ? read.value : []);
  const hint =
    near.length > 0
      ? `Did you mean ${near.map(plain).join(" or ")}?`
      : `Look at: kubectl get pods -n ${namespace}${cluster.context === undefined ? "" : ` --context ${cluster.context}`}`;
  return new KnownError("cluster-unreadable", `there is no ${type} ${plain(name)} in namespace ${namespace}`, hint);
}
