import { KnownError } from "../domain/known-error.ts";
import type { NamedResource } from "../domain/query.ts";
import { found, type Read } from "../domain/read.ts";
import type { Cluster, Listing, WorkloadKind } from "./cluster.ts";
import type { FoundPods } from "./found-pods.ts";
import { millisecondsOf } from "./json-values.ts";
import { unsettledAndFew } from "./keep-few.ts";
import { noSuchObject } from "./no-such-object.ts";
import type { WorkloadFacts } from "./parse-workload.ts";
import { plain } from "./plain-name.ts";
import type { PodFacts } from "./pod-facts.ts";
import { gapOf } from "./refusal-gap.ts";
import { workloadTarget } from "./workload-target.ts";

/** A CronJob keeps three finished Jobs of each kind by default; older ones say nothing about today. */
const mostJobs = 10;

export const workloadKinds: Readonly<Record<Exclude<NamedResource["type"], "pod">, WorkloadKind>> = {
  deployment: "Deployment",
  statefulset: "StatefulSet",
  daemonset: "DaemonSet",
  replicaset: "ReplicaSet",
  job: "Job",
  cronjob: "CronJob",
};

/** Reads one workload by name. Throws KnownError where it is not there or may not be read. */
export async function readWorkload(
  resource: NamedResource,
  namespace: string,
  cluster: Cluster,
  signal: AbortSignal,
): Promise<WorkloadFacts> {
  if (resource.type === "pod") throw new TypeError("a pod is no workload");
  const kind = workloadKinds[resource.type];
  const read = await cluster.workload(kind, namespace, resource.name, signal);
  if (read.kind === "found") return read.value;
  const label = `${resource.type} ${plain(resource.name)}`;
  if (read.kind !== "absent") {
    const gap = gapOf(label, read);
    const missing = `Save them too: kubectl get ${resource.type}s,replicasets,jobs -o json`;
    const hint = gap?.remedy ?? (read.kind === "unasked" ? missing : "Try again.");
    throw new KnownError("cluster-unreadable", `${label}: ${gap?.why}`, hint, {
      passing: read.kind === "failed",
    });
  }
  // The look for what was meant is optional: whatever it meets is passed over.
  const others = await cluster.workloads(kind, { namespace, most: 500 }, () => true, signal).catch(() => undefined);
  const names = found(others)?.items.map(({ name }) => name) ?? [];
  throw noSuchObject(resource, namespace, names, cluster);
}

/**
 * The pods of a workload, told by ownership (uid) and not by labels alone, which others may bear too; and, where it has
 * fewer pods than it wants, what its controller says of that. ReplicaSets of a Deployment and Jobs of a CronJob lie between.
 */
export async function findWorkloadPods(
  workload: WorkloadFacts,
  cluster: Cluster,
  signal: AbortSignal,
): Promise<FoundPods> {
  if (workload.kind === "CronJob") return findCronJobPods(workload, cluster, signal);
  const { namespace, selector } = workload;
  if (selector === undefined) {
    const gap = { what: `pods of ${workload.kind} ${plain(workload.name)}`, why: "its selector cannot be read" };
    return { pods: [], podless: [], gaps: [gap], examined: 0 };
  }
  const selection = { namespace, labels: selector };
  const [pods, between] = await Promise.all([
    cluster.pods(selection, unsettledAndFew(), signal),
    workload.kind === "Deployment"
      ? cluster.workloads("ReplicaSet", selection, (set) => set.owner?.uid === workload.uid, signal)
      : undefined,
  ]);
  const sets = between?.kind === "found" ? between.value.items : undefined;
  const makers = sets === undefined ? [workload] : [...sets];
  const uids = new Set(makers.map(({ uid }) => uid));
  // Where the ReplicaSets may not be read, labels have to do.
  const isOwn = (pod: PodFacts) =>
    between !== undefined && sets === undefined ? true : pod.owner !== undefined && uids.has(pod.owner.uid);
  const listed = itemsOf(pods);
  const own = listed.filter(isOwn);
  const unkept = pods.kind === "found" ? pods.value.seen - listed.length : 0;
  const short = makers.filter(({ wanted = 0, present = 0 }) => present < wanted);
  const refused = await refusedWorkloads(short, namespace, cluster, signal);
  const setsGap = between === undefined ? undefined : gapOf(`replicasets in namespace ${namespace}`, between);
  return {
    pods: own,
    podless: refused.podless,
    gaps: [
      gapOf(`pods in namespace ${namespace}`, pods),
      // Refusals are about the ReplicaSet: only where pods are missing does it matter that it cannot be read.
      short.length > 0 ? setsGap : undefined,
      ...refused.gaps,
    ],
    examined: own.length + unkept,
    unread: (pods.kind === "found" ? 0 : 1) + (short.length > 0 && setsGap !== undefined ? 1 : 0) + refused.unread,
  };
}

async function findCronJobPods(cronJob: WorkloadFacts, cluster: Cluster, signal: AbortSignal): Promise<FoundPods> {
  const { namespace } = cronJob;
  const jobs = await cluster.workloads("Job", { namespace }, ({ owner }) => owner?.uid === cronJob.uid, signal);
  const newest = itemsOf(jobs)
    .toSorted((a, b) => millisecondsOf(b.createdAt) - millisecondsOf(a.createdAt))
    .slice(0, mostJobs);
  const searches = await Promise.all(newest.map((job) => findWorkloadPods(job, cluster, signal)));
  return {
    pods: searches.flatMap(({ pods }) => pods),
    podless: searches.flatMap(({ podless }) => podless),
    gaps: [gapOf(`jobs in namespace ${namespace}`, jobs), ...searches.flatMap(({ gaps }) => gaps)],
    examined: searches.reduce((sum, { examined }) => sum + examined, 0),
    unread: searches.reduce((sum, { unread = 0 }) => sum + unread, jobs.kind === "found" ? 0 : 1),
  };
}

/** Targets for workloads that are short of pods, from their FailedCreate Events. */
async function refusedWorkloads(
  short: readonly WorkloadFacts[],
  namespace: string,
  cluster: Cluster,
  signal: AbortSignal,
): Promise<Pick<FoundPods, "podless" | "gaps"> & { readonly unread: number }> {
  if (short.length === 0) return { podless: [], gaps: [], unread: 0 };
  const uids = new Set(short.map(({ uid }) => uid));
  const selection = { namespace, fields: { reason: "FailedCreate" } };
  const events = await cluster.events(selection, ({ about }) => about.uid === "" || uids.has(about.uid), signal);
  return {
    podless: short.flatMap((workload) => workloadTarget(workload, itemsOf(events)) ?? []),
    gaps: [gapOf(`events in namespace ${namespace}`, events)],
    unread: events.kind === "found" ? 0 : short.length,
  };
}

export function itemsOf<T>(read: Read<Listing<T>>): readonly T[] {
  return read.kind === "found" ? read.value.items : [];
}
