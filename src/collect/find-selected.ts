import { KnownError } from "../domain/known-error.ts";
import type { Progress } from "../domain/progress.ts";
import type { NamedResource } from "../domain/query.ts";
import type { Read } from "../domain/read.ts";
import type { Cluster, Selection } from "./cluster.ts";
import { findWorkloadPods, workloadKinds } from "./find-workload.ts";
import type { FoundPods } from "./found-pods.ts";
import { inParallel } from "./in-parallel.ts";
import { unsettledAndFew } from "./keep-few.ts";
import type { PodFacts } from "./pod-facts.ts";
import { gapOf } from "./refusal-gap.ts";

const atOnce = 4;

/**
 * The pods that a label selector means, or the pods of the workloads it means. Finished pods are not kept.
 * Throws KnownError where they may not be listed, or the selector is not understood.
 */
export async function findSelected(
  type: NamedResource["type"],
  labels: string,
  namespace: string | undefined,
  cluster: Cluster,
  progress: Progress,
  signal: AbortSignal,
): Promise<FoundPods> {
  const selection: Selection = { labels, ...(namespace === undefined ? {} : { namespace }) };
  const place = namespace === undefined ? "all namespaces" : `namespace ${namespace}`;
  progress.update(`Looking for ${type}s in ${place}`);
  if (type === "pod") {
    const keep = unsettledAndFew();
    const read = await cluster.pods(selection, (pod) => isOngoing(pod) && keep(pod), signal);
    if (read.kind !== "found") throw unlistable(type, place, read);
    const { items, seen, complete } = read.value;
    return {
      pods: items,
      podless: [],
      gaps: [complete ? undefined : { what: `pods in ${place}`, why: `the list ended early, after ${seen}` }],
      examined: seen,
      unread: complete ? 0 : 1,
    };
  }
  const read = await cluster.workloads(workloadKinds[type], selection, () => true, signal);
  if (read.kind !== "found") throw unlistable(type, place, read);
  const { items } = read.value;
  const found = await inParallel(items, atOnce, async (workload, index) => {
    progress.update(`Reading the pods of ${type} ${index + 1} of ${items.length}`);
    return findWorkloadPods(workload, cluster, signal);
  });
  return {
    pods: found.flatMap(({ pods }) => pods),
    podless: found.flatMap(({ podless }) => podless),
    gaps: found.flatMap(({ gaps }) => gaps),
    examined: found.reduce((sum, { examined }) => sum + examined, 0),
    unread: found.reduce((sum, { unread = 0 }) => sum + unread, 0),
  };
}

function isOngoing({ phase }: PodFacts): boolean {
  return phase !== "Succeeded" && phase !== "Failed";
}

function unlistable(type: string, place: string, read: Exclude<Read<never>, { kind: "found" }>): KnownError {
  const why = gapOf("", read)?.why ?? "there are none to list";
  const hint = /\b400\b/.test(why)
    ? "Write the selector as for kubectl get -l."
    : "Choose a namespace that you may read with -n.";
  return new KnownError("cluster-unreadable", `${type}s in ${place}: ${why}`, hint, {
    passing: read.kind === "failed" && !/\b400\b/.test(why),
  });
}
