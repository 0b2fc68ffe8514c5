import { KnownError } from "../domain/known-error.ts";
import type { Progress } from "../domain/progress.ts";
import type { NamedResource } from "../domain/query.ts";
import { found } from "../domain/read.ts";
import type { Cluster } from "./cluster.ts";
import { findWorkloadPods, readWorkload } from "./find-workload.ts";
import type { FoundPods } from "./found-pods.ts";
import { inParallel } from "./in-parallel.ts";
import { noSuchObject } from "./no-such-object.ts";
import { plain } from "./plain-name.ts";
import type { PodFacts } from "./pod-facts.ts";
import { gapOf } from "./refusal-gap.ts";

const atOnce = 8;

/**
 * The pods that names mean: pods themselves, or the pods of workloads. Of several names, those that nothing has are gaps, as
 * kubectl goes on with the others. Throws KnownError where nothing has any of them (with the nearest names), or where the only
 * pod may not be read.
 */
export async function findNamed(
  resources: readonly NamedResource[],
  namespace: string,
  cluster: Cluster,
  progress: Progress,
  signal: AbortSignal,
): Promise<FoundPods> {
  const several = resources.length > 1;
  const outcomes = await inParallel(resources, atOnce, async (resource, index) => {
    const count = several ? ` (${index + 1} of ${resources.length})` : "";
    progress.update(`Reading ${resource.type} ${namespace}/${plain(resource.name)}${count}`);
    try {
      if (resource.type === "pod") return await findPod(resource.name, namespace, several, cluster, signal);
      return await findWorkloadPods(await readWorkload(resource, namespace, cluster, signal), cluster, signal);
    } catch (error) {
      if (several && error instanceof KnownError) return { resource, error };
      throw error;
    }
  });
  const failed = outcomes.flatMap((one) => ("error" in one ? one : []));
  if (failed[0] !== undefined && failed.length === outcomes.length) throw failed[0].error;
  const searches = outcomes.map((one) => ("error" in one ? missing(one.resource, one.error) : one));
  const pods = new Map<string, PodFacts>();
  for (const pod of searches.flatMap((one) => one.pods)) pods.set(`${pod.namespace}/${pod.name}`, pod);
  return {
    pods: [...pods.values()],
    podless: searches.flatMap((one) => one.podless),
    gaps: searches.flatMap((one) => one.gaps),
    examined: searches.reduce((sum, one) => sum + one.examined, 0),
    unread: searches.reduce((sum, { unread = 0 }) => sum + unread, 0),
  };
}

function missing({ type, name }: NamedResource, { message, hint }: KnownError): FoundPods {
  const gap = { what: `${type}/${plain(name)}`, why: message, remedy: hint };
  return { pods: [], podless: [], gaps: [gap], examined: 0, unread: 1 };
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
  if (read.kind === "absent") {
    // The look for what was meant is optional: whatever it meets is passed over.
    const others = await cluster.podNames(namespace, signal).catch(() => undefined);
    throw noSuchObject({ type: "pod", name }, namespace, found(others) ?? [], cluster);
  }
  const gap = gapOf(`pod ${namespace}/${plain(name)}`, read);
  if (amongOthers) return { pods: [], podless: [], gaps: [gap], examined: 0, unread: 1 };
  throw new KnownError(
    "cluster-unreadable",
    `pod ${namespace}/${plain(name)}: ${gap?.why}`,
    gap?.remedy ?? "Try again.",
    { passing: read.kind === "failed" },
  );
}
