import type { Owner, Target } from "../domain/target.ts";
import type { Cluster } from "./cluster.ts";
import { itemsOf } from "./find-workload.ts";
import { inParallel } from "./in-parallel.ts";
import { orInterrupted } from "./read-surroundings.ts";

const atOnce = 8;
/** More Jobs of one namespace than this are listed, by their metadata alone. */
const mostSingleJobs = 3;
const mostNamespaces = 50;

/** `namespace/name` of a Job → the CronJob that made it. */
export type JobOwners = ReadonlyMap<string, Owner>;

/**
 * The CronJobs behind the Jobs that own these targets. A Job that a CronJob makes is called after it and the scheduled minute
 * (kubernetes/kubernetes pkg/controller/cronjob/cronjob_controllerv2.go, getJobName; seconds before 1.21); only such a Job is
 * read, and its own ownerReferences decide. Optional: a refusal is no gap, the Job is shown then.
 */
export async function readJobOwners(
  targets: readonly Target[],
  cluster: Cluster,
  signal: AbortSignal,
): Promise<JobOwners> {
  const owners = new Map<string, Owner>();
  const note = (namespace: string, name: string, owner: Owner | undefined) => {
    if (owner?.kind === "CronJob") owners.set(`${namespace}/${name}`, { kind: owner.kind, name: owner.name });
  };
  const byNamespace = new Map<string, Set<string>>();
  for (const { namespace, owner } of targets) {
    if (owner?.kind !== "Job" || !/-\d{8,10}$/.test(owner.name)) continue;
    byNamespace.set(namespace, (byNamespace.get(namespace) ?? new Set()).add(owner.name));
  }
  const reads = [...byNamespace].slice(0, mostNamespaces).flatMap(([namespace, names]) =>
    names.size > mostSingleJobs
      ? [() => readList(namespace, names)]
      : [...names].map((name) => async () => {
          const read = await orInterrupted(cluster.workload("Job", namespace, name, signal), signal);
          if (read.kind === "found") note(namespace, name, read.value.owner);
        }),
  );
  const readList = async (namespace: string, names: ReadonlySet<string>) => {
    const selection = { namespace, metadataOnly: true };
    const list = cluster.workloads("Job", selection, ({ name }) => names.has(name), signal);
    for (const { name, owner } of itemsOf(await orInterrupted(list, signal))) note(namespace, name, owner);
  };
  await inParallel(reads, atOnce, (read) => read());
  return owners;
}

/** The targets with the CronJob in its Job's place. */
export function withJobOwners(targets: readonly Target[], owners: JobOwners): readonly Target[] {
  if (owners.size === 0) return targets;
  return targets.map((target) => {
    const { namespace, owner } = target;
    const maker = owner?.kind === "Job" ? owners.get(`${namespace}/${owner.name}`) : undefined;
    return maker === undefined ? target : { ...target, owner: maker };
  });
}
