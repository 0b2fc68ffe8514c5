import type { Gap } from "../domain/gap.ts";
import type { Progress } from "../domain/progress.ts";
import type { Cluster } from "./cluster.ts";
import { itemsOf } from "./find-workload.ts";
import { inParallel } from "./in-parallel.ts";
import type { EventFacts } from "./parse-event.ts";
import type { PodFacts } from "./pod-facts.ts";
import { orInterrupted } from "./read-surroundings.ts";
import { gapOf } from "./refusal-gap.ts";

const atOnce = 8;
/** More pods of one namespace than this share one list of their namespace's Events. */
const mostSinglePods = 8;

/** The Events of these pods: by uid for a few, by namespace for many. All reasons are kept: `Pulled` also tells something. */
export async function readPodEvents(
  pods: readonly PodFacts[],
  cluster: Cluster,
  progress: Progress,
  signal: AbortSignal,
): Promise<{ readonly items: readonly EventFacts[]; readonly gaps: readonly (Gap | undefined)[] }> {
  const byNamespace = Map.groupBy(pods, ({ namespace }) => namespace);
  const lists = [...byNamespace].flatMap(([namespace, members]) =>
    members.length > mostSinglePods
      ? [{ namespace, fields: { "involvedObject.kind": "Pod" }, pods: members }]
      : members.map((pod) => ({ namespace, fields: fieldsOf(pod), pods: [pod] })),
  );
  const reads = await inParallel(lists, atOnce, async ({ namespace, fields, pods: members }, index) => {
    if (lists.length > 1) progress.update(`Reading events (${index + 1} of ${lists.length})`);
    const uids = new Set(members.map(({ uid }) => uid));
    const names = new Set(members.map(({ name }) => name));
    const keep = ({ about }: EventFacts) => (about.uid === "" ? names.has(about.name) : uids.has(about.uid));
    const read = await orInterrupted(cluster.events({ namespace, fields }, keep, signal), signal);
    return { read, gap: gapOf(`events in namespace ${namespace}`, read) };
  });
  return { items: reads.flatMap(({ read }) => itemsOf(read)), gaps: reads.map(({ gap }) => gap) };
}

function fieldsOf(pod: PodFacts): Readonly<Record<string, string>> {
  return pod.uid === "" ? { "involvedObject.name": pod.name } : { "involvedObject.uid": pod.uid };
}
