import type { Gap } from "../domain/gap.ts";
import { KnownError } from "../domain/known-error.ts";
import type { Progress } from "../domain/progress.ts";
import type { Read } from "../domain/read.ts";
import type { Target } from "../domain/target.ts";
import type { Cluster, Listing, Selection, WorkloadKind } from "./cluster.ts";
import { failingContainersOf } from "./failing-containers.ts";
import { itemsOf } from "./find-workload.ts";
import type { FoundPods } from "./found-pods.ts";
import { inParallel } from "./in-parallel.ts";
import type { EventFacts } from "./parse-event.ts";
import { plain } from "./plain-name.ts";
import type { PodFacts } from "./pod-facts.ts";
import { isPullEvent } from "./pull-failures.ts";
import { orInterrupted } from "./read-surroundings.ts";
import { gapOf } from "./refusal-gap.ts";
import { workloadTarget } from "./workload-target.ts";

const atOnce = 8;
/** Pods that only Events name are read one by one; beyond this many the rest is stated as a gap. */
const mostByName = 1000;
const mostWorkloads = 300;

/**
 * Reasons of a pod's Events that are never about an image, so that the API server leaves them out: what every start writes,
 * and the noisiest of the rest. One list with these left out costs the server one pass over its Events; a list for each
 * wanted reason would cost a pass each.
 */
const unwantedReasons: readonly string[] = [
  "Scheduled",
  "FailedScheduling",
  "Pulling",
  "Pulled",
  "Created",
  "Started",
  "Killing",
  "Unhealthy",
  "ProbeWarning",
  "Preempted",
  "Evicted",
  "SandboxChanged",
  "FailedMount",
  "FailedAttachVolume",
  "SuccessfulAttachVolume",
  "FailedKillPod",
  "FailedPreStopHook",
  "FailedPostStartHook",
  "NetworkNotReady",
  "NodeNotReady",
  "DNSConfigForming",
  "NotTriggerScaleUp",
  "TriggeredScaleUp",
  "TaintManagerEviction",
];

/**
 * Every failing pod of a namespace, or of all, without reading the healthy ones: pods that are Pending, united with pods
 * that recent Events say cannot pull (a container that restarts can fail while its pod is Running), and workloads whose pods
 * were refused. Where Events may not be read, Running pods are gone through instead, and kept only where they fail.
 * Throws KnownError where pods may not be listed.
 */
export async function findFailing(
  namespace: string | undefined,
  cluster: Cluster,
  progress: Progress,
  signal: AbortSignal,
): Promise<FoundPods> {
  const where: Selection = namespace === undefined ? {} : { namespace };
  const place = namespace === undefined ? "all namespaces" : `namespace ${namespace}`;
  progress.update(`Looking for failing pods in ${place}`);
  const isFailing = (pod: PodFacts) => failingContainersOf(pod, []).length > 0;
  const [pending, events, refusals] = await Promise.all([
    cluster.pods({ ...where, fields: { "status.phase": "Pending" } }, isFailing, signal),
    cluster.events(
      { ...where, fields: { "involvedObject.kind": "Pod" }, without: { reason: unwantedReasons } },
      isPullEvent,
      signal,
    ),
    cluster.events({ ...where, fields: { reason: "FailedCreate" } }, () => true, signal),
  ]);
  if (pending.kind !== "found") throw unlistable(pending, place);
  const running =
    events.kind === "found"
      ? await podsNamedBy(itemsOf(events), pending.value.items, cluster, progress, signal)
      : await runningPods(where, isFailing, cluster, signal);
  const refused = await refusedWorkloads(itemsOf(refusals), cluster, signal);
  const pods = [...pending.value.items, ...running.pods];
  const uids = new Set(pods.map(({ uid }) => uid));
  return {
    pods,
    podless: refused.podless,
    events: itemsOf(events).filter(({ about }) => about.uid === "" || uids.has(about.uid)),
    gaps: [
      gapOf(`events in ${place}`, events) ?? gapOf(`events in ${place}`, refusals),
      ...running.gaps,
      ...refused.gaps,
      pending.value.complete
        ? undefined
        : { what: `pods in ${place}`, why: `the list ended early, after ${pending.value.seen}` },
    ],
    examined: pending.value.seen + running.examined,
    unread: (pending.value.complete ? 0 : 1) + (running.unread ?? 0) + refused.gaps.length,
  };
}

function unlistable(read: Exclude<Read<Listing<PodFacts>>, { kind: "found" }>, place: string): KnownError {
  const gap = gapOf(`pods in ${place}`, read);
  const hint = read.kind === "forbidden" ? "Choose a namespace that you may read with -n." : "Try again.";
  return new KnownError("cluster-unreadable", `pods in ${place}: ${gap?.why ?? "there are none to list"}`, hint, {
    passing: read.kind === "failed",
  });
}

async function podsNamedBy(
  events: readonly EventFacts[],
  known: readonly PodFacts[],
  cluster: Cluster,
  progress: Progress,
  signal: AbortSignal,
): Promise<Pick<FoundPods, "pods" | "gaps" | "examined" | "unread">> {
  const seen = new Set(known.map(({ namespace, name }) => `${namespace}/${name}`));
  const named = new Map<string, EventFacts["about"]>();
  for (const { about } of events) {
    const key = `${about.namespace}/${about.name}`;
    if (!seen.has(key)) named.set(key, about);
  }
  const wanted = [...named.values()].slice(0, mostByName);
  const reads = await inParallel(wanted, atOnce, async ({ namespace, name }, index) => {
    progress.update(`Reading pod ${index + 1} of ${wanted.length} that events name`);
    return orInterrupted(cluster.pod(namespace, name, signal), signal);
  });
  const gaps = reads.map((read) => gapOf("pods that events name", read));
  if (named.size > wanted.length) {
    gaps.push({
      what: `${named.size - wanted.length} pods that events name`,
      why: `more than ${mostByName} are not read one by one`,
    });
  }
  const unread = reads.filter(({ kind }) => kind !== "found" && kind !== "absent").length + named.size - wanted.length;
  const pods = reads.flatMap((read) => (read.kind === "found" ? read.value : []));
  return { pods, gaps, examined: wanted.length, unread };
}

async function runningPods(
  where: Selection,
  isFailing: (pod: PodFacts) => boolean,
  cluster: Cluster,
  signal: AbortSignal,
): Promise<Pick<FoundPods, "pods" | "gaps" | "examined" | "unread">> {
  const running = await orInterrupted(
    cluster.pods({ ...where, fields: { "status.phase": "Running" } }, isFailing, signal),
    signal,
  );
  const examined = running.kind === "found" ? running.value.seen : 0;
  const unread = running.kind === "found" && running.value.complete ? 0 : 1;
  return { pods: itemsOf(running), gaps: [gapOf("running pods", running)], examined, unread };
}

const makers: readonly WorkloadKind[] = ["ReplicaSet", "StatefulSet", "DaemonSet", "Job"];

async function refusedWorkloads(
  events: readonly EventFacts[],
  cluster: Cluster,
  signal: AbortSignal,
): Promise<{ readonly podless: readonly Target[]; readonly gaps: readonly Gap[] }> {
  const about = new Map<string, { kind: WorkloadKind; namespace: string; name: string; events: EventFacts[] }>();
  for (const event of events) {
    const kind = makers.find((maker) => maker === event.about.kind);
    if (kind === undefined) continue;
    const key = `${kind}/${event.about.namespace}/${event.about.name}`;
    const known = about.get(key);
    if (known === undefined)
      about.set(key, { kind, namespace: event.about.namespace, name: event.about.name, events: [event] });
    else known.events.push(event);
  }
  const gaps: Gap[] = [];
  const targets = await inParallel([...about.values()].slice(0, mostWorkloads), atOnce, async (one) => {
    const read = await orInterrupted(cluster.workload(one.kind, one.namespace, one.name, signal), signal);
    // An Event alone does not say whether its workload has its pods by now.
    const gap = gapOf(`${one.kind} ${one.namespace}/${plain(one.name)}, whose pods were refused`, read);
    if (gap !== undefined) gaps.push(gap);
    return read.kind === "found" ? workloadTarget(read.value, one.events) : undefined;
  });
  return { podless: targets.flatMap((target) => target ?? []), gaps };
}
