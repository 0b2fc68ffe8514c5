import type { ClusterFacts, ImageUse } from "../domain/cluster-facts.ts";
import type { HealthyContainer } from "../domain/container-ref.ts";
import type { Gap } from "../domain/gap.ts";
import { KnownError } from "../domain/known-error.ts";
import type { Progress } from "../domain/progress.ts";
import type { Query } from "../domain/query.ts";
import type { Target } from "../domain/target.ts";
import type { Cluster } from "./cluster.ts";
import { collectPlanned } from "./collect-planned.ts";
import { readJobOwners, withJobOwners } from "./cron-jobs.ts";
import { failingContainers, isUnsettled } from "./failing-containers.ts";
import { findFailing } from "./find-failing.ts";
import { findNamed } from "./find-named.ts";
import { findSelected } from "./find-selected.ts";
import type { FoundPods } from "./found-pods.ts";
import { healthyContainers } from "./healthy-containers.ts";
import { imageUsesIn, readSiblings } from "./image-uses.ts";
import { lookBeside, type OtherSecrets, readOtherSecrets } from "./other-secrets.ts";
import type { EventFacts } from "./parse-event.ts";
import { plain } from "./plain-name.ts";
import type { PodFacts } from "./pod-facts.ts";
import { readPodEvents } from "./read-events.ts";
import { gapsAround, noSurroundings, readSurroundings, type Surroundings } from "./read-surroundings.ts";
import { gapOf, uniqueGaps } from "./refusal-gap.ts";

/**
 * The first stage: what the cluster knows of the query's failing containers.
 *
 * One named pod costs two round trips in sequence, or one where it is healthy: the pod; then, all at once, its Events, the
 * Secrets it names, its service account, its node; and beside them, as long as that costs little time, its siblings and
 * perhaps other pull secrets (see `other-secrets.ts`).
 * A refused read is a value in the facts and a gap beside them. Once `signal` is aborted, what is known of the pods that were found by then is given.
 * `found` is told what fails by the pods' status, before all that is read around it.
 * Throws KnownError where the query's subject itself cannot be read or is not there.
 */
export async function collect(
  query: Query,
  cluster: Cluster,
  progress: Progress,
  signal: AbortSignal,
  found: (targets: readonly Target[]) => void = () => {},
): Promise<ClusterFacts> {
  if (query.subject.kind === "planned") return collectPlanned(query.subject, cluster, progress, signal);
  const search = await findPods(query, cluster, progress, signal);
  const ofStatus = only(query, search.pods, [
    ...failingContainers(search.pods, search.events ?? []),
    ...search.podless,
  ]);
  found(ofStatus);
  const surroundings = noSurroundings();
  const [[events, jobOwners], [others, siblings]] = await lookBeside(
    Promise.all([
      search.events === undefined
        ? readPodEvents(search.pods.filter(isUnsettled), cluster, progress, signal)
        : { items: search.events, gaps: [] },
      readJobOwners(ofStatus, cluster, signal),
      readSurroundings(ofStatus, nodesOf(search.pods, ofStatus), surroundings, cluster, progress, signal),
    ]),
    (until) =>
      Promise.all([
        readOtherSecrets(ofStatus, cluster, until),
        readSiblings(query, search.pods, ofStatus, cluster, until),
      ]),
    signal,
  );
  const targets = withJobOwners(only(query, search.pods, withEvents(search, events.items)), jobOwners);
  // Rare: a container that only its Events show to fail has not been seen by the reads above.
  await readSurroundings(
    targets,
    targets.flatMap(({ nodeName }) => nodeName ?? []),
    surroundings,
    cluster,
    progress,
    signal,
  );
  return factsOf(targets, surroundings, search, {
    others,
    imageUses: imageUsesIn([...search.pods, ...siblings], targets),
    gaps: [...search.gaps, ...events.gaps],
    ...(query.subject.kind === "failing" ? {} : { healthy: healthyContainers(search.pods, targets) }),
  });
}

function findPods(query: Query, cluster: Cluster, progress: Progress, signal: AbortSignal): Promise<FoundPods> {
  const { subject } = query;
  const namespace = query.namespace ?? cluster.namespace;
  if (subject.kind === "named") return findNamed(subject.resources, namespace, cluster, progress, signal);
  if (subject.kind === "selected")
    return findSelected(subject.type, subject.selector, query.namespace, cluster, progress, signal);
  return findFailing(query.namespace, cluster, progress, signal);
}

function withEvents(search: FoundPods, events: readonly EventFacts[]): readonly Target[] {
  return [...failingContainers(search.pods, events), ...search.podless];
}

/** `-c`: that container only. Throws KnownError where the named pods have no container of that name. */
function only(query: Query, pods: readonly PodFacts[], targets: readonly Target[]): readonly Target[] {
  const { container, subject } = query;
  if (container === undefined) return targets;
  const names = new Set(pods.flatMap(({ containers }) => containers.map(({ name }) => name)));
  if (subject.kind === "named" && pods.length > 0 && !names.has(container)) {
    throw new KnownError(
      "usage",
      `there is no container ${plain(container)} in ${pods.length === 1 ? `pod ${plain(pods[0]?.name ?? "")}` : "these pods"}`,
      `It has: ${[...names].slice(0, 10).map(plain).join(", ")}.`,
    );
  }
  return targets.filter((target) => target.container === container);
}

/** Nodes of failing pods, and of pods whose sandbox may be what fails. */
function nodesOf(pods: readonly PodFacts[], targets: readonly Target[]): readonly string[] {
  const failing = new Set(targets.map(({ namespace, pod }) => `${namespace}/${pod}`));
  return pods.flatMap((pod) =>
    pod.nodeName !== undefined && (failing.has(`${pod.namespace}/${pod.name}`) || isUnsettled(pod)) ? pod.nodeName : [],
  );
}

function factsOf(
  targets: readonly Target[],
  surroundings: Surroundings,
  { pods, examined, unread: unreadPods = 0 }: FoundPods,
  rest: {
    readonly healthy?: readonly HealthyContainer[];
    readonly others: OtherSecrets;
    readonly imageUses: readonly ImageUse[];
    readonly gaps: readonly (Gap | undefined)[];
  },
): ClusterFacts {
  const needed = new Set(targets.flatMap(({ nodeName }) => nodeName ?? []));
  const { secrets, serviceAccounts, nodes } = surroundings;
  const failing = new Set(targets.map(({ namespace, pod }) => `${namespace}/${pod}`));
  const waiting = pods.filter((pod) => isUnsettled(pod) && !failing.has(`${pod.namespace}/${pod.name}`));
  return {
    targets,
    secrets,
    serviceAccounts,
    nodes,
    otherSecrets: rest.others.otherSecrets,
    namesakes: rest.others.namesakes,
    imageUses: rest.imageUses,
    gaps: uniqueGaps([
      ...rest.gaps,
      ...gapsAround(surroundings),
      ...[...nodes].flatMap(([name, read]) => (needed.has(name) ? gapOf("nodes", read) : [])),
    ]),
    examined,
    unsettled: waiting.length,
    unread: unreadPods,
    ...(rest.healthy === undefined ? {} : { healthy: rest.healthy }),
  };
}
