import type { Target } from "../domain/target.ts";
import { isTelling } from "./image-words.ts";
import { millisecondsOf } from "./json-values.ts";
import type { EventFacts } from "./parse-event.ts";
import type { WorkloadFacts } from "./parse-workload.ts";
import { failureOf } from "./pull-failures.ts";

const mostFailures = 20;

/**
 * A workload that wants pods and has none (or too few), because making them is refused: a target without a pod.
 * Undefined where it has all it wants, or no FailedCreate Event says why not.
 * The image is the one the refusal names, or the first of the template.
 */
export function workloadTarget(workload: WorkloadFacts, events: readonly EventFacts[]): Target | undefined {
  const { wanted, present } = workload;
  if (wanted !== undefined && present !== undefined && present >= wanted) return undefined;
  const failures = events
    .filter((event) => event.reason === "FailedCreate" && isTelling(event.message) && isAbout(event, workload))
    .sort((a, b) => millisecondsOf(b.at) - millisecondsOf(a.at))
    .slice(0, mostFailures)
    .map(failureOf);
  const newest = failures[0];
  if (newest === undefined) return undefined;
  const named = workload.containers.find(({ image }) => newest.message.includes(image)) ?? workload.containers[0];
  return {
    namespace: workload.namespace,
    owner: ownerOf(workload),
    containerKind: "regular",
    image: named?.image ?? "",
    ...(named?.pullPolicy === undefined ? {} : { pullPolicy: named.pullPolicy }),
    nodeSelector: workload.nodeSelector,
    ...(workload.createdAt === undefined ? {} : { createdAt: workload.createdAt }),
    ...(workload.serviceAccountName === undefined ? {} : { serviceAccountName: workload.serviceAccountName }),
    pullSecretNames: workload.pullSecretNames,
    failures,
  };
}

function isAbout({ about }: EventFacts, workload: WorkloadFacts): boolean {
  if (about.uid !== "" && workload.uid !== "") return about.uid === workload.uid;
  return about.kind === workload.kind && about.namespace === workload.namespace && about.name === workload.name;
}

/** A Deployment's ReplicaSet and a CronJob's Job are known by what made them. */
function ownerOf({ kind, name, owner }: WorkloadFacts): { readonly kind: string; readonly name: string } {
  return owner === undefined ? { kind, name } : { kind: owner.kind, name: owner.name };
}
