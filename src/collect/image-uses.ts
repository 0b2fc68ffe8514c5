import type { ImageUse } from "../domain/cluster-facts.ts";
import type { Query } from "../domain/query.ts";
import type { Target } from "../domain/target.ts";
import type { Cluster } from "./cluster.ts";
import { itemsOf } from "./find-workload.ts";
import { inParallel } from "./in-parallel.ts";
import type { PodFacts } from "./pod-facts.ts";
import { orInterrupted } from "./read-surroundings.ts";

const mostUses = 200;
const mostSiblings = 200;
/** Sets of siblings looked at; a search over a whole namespace has seen what fails already. */
const mostSets = 3;

/** Labels that a controller gives to the pods of one template and to no others. */
const templateLabels: readonly string[] = [
  "pod-template-hash",
  "controller-revision-hash",
  "batch.kubernetes.io/job-name",
  "job-name",
];

/**
 * Pods made from the same template as a failing pod that was named: they run the same image, perhaps on other nodes, which
 * tells "this node only" from "everywhere". Optional: a refusal is no gap.
 */
export async function readSiblings(
  query: Query,
  pods: readonly PodFacts[],
  targets: readonly Target[],
  cluster: Cluster,
  signal: AbortSignal,
): Promise<readonly PodFacts[]> {
  const { subject } = query;
  if (subject.kind !== "named" || subject.resources.every(({ type }) => type !== "pod")) return [];
  const failing = new Set(targets.map(({ namespace, pod }) => `${namespace}/${pod}`));
  const sets = new Map<string, { readonly namespace: string; readonly labels: string }>();
  for (const pod of pods) {
    const label = templateLabels.find((key) => pod.labels[key] !== undefined);
    if (label === undefined || pod.owner === undefined || !failing.has(`${pod.namespace}/${pod.name}`)) continue;
    const labels = `${label}=${pod.labels[label]}`;
    if (/^[\w./-]+=[\w.-]{1,63}$/.test(labels))
      sets.set(`${pod.namespace}/${labels}`, { namespace: pod.namespace, labels });
  }
  const reads = await inParallel([...sets.values()].slice(0, mostSets), mostSets, (selection) =>
    orInterrupted(
      cluster.pods({ ...selection, most: mostSiblings }, (pod) => pod.containers.some(isRunning), signal),
      signal,
    ),
  );
  return reads.flatMap(itemsOf);
}

function isRunning({ status }: PodFacts["containers"][number]): boolean {
  return status?.state === "running" && status.imageId !== undefined;
}

/** Containers among these pods that run an image which a target cannot pull, each once. */
export function imageUsesIn(pods: readonly PodFacts[], targets: readonly Target[]): readonly ImageUse[] {
  const wanted = new Set(targets.map(({ image }) => image));
  const uses = new Map<string, ImageUse>();
  for (const pod of pods) {
    for (const container of pod.containers) {
      if (!wanted.has(container.image) || !isRunning(container)) continue;
      const imageId = container.status?.imageId;
      uses.set(`${pod.namespace}/${pod.name}/${container.image}`, {
        image: container.image,
        ...(imageId === undefined ? {} : { imageId }),
        namespace: pod.namespace,
        pod: pod.name,
        ...(pod.nodeName === undefined ? {} : { node: pod.nodeName }),
      });
      if (uses.size >= mostUses) return [...uses.values()];
    }
  }
  return [...uses.values()];
}
