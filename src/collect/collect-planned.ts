import type { ClusterFacts, NodeFacts, ServiceAccountFacts } from "../domain/cluster-facts.ts";
import type { Gap } from "../domain/gap.ts";
import type { Progress } from "../domain/progress.ts";
import type { PlannedImage, Subject } from "../domain/query.ts";
import { found, type Read } from "../domain/read.ts";
import type { Target } from "../domain/target.ts";
import type { Cluster } from "./cluster.ts";
import { lookBeside, readOtherSecrets } from "./other-secrets.ts";
import { gapsAround, noSurroundings, orInterrupted, readSurroundings } from "./read-surroundings.ts";
import { gapOf, uniqueGaps } from "./refusal-gap.ts";

/**
 * Facts about images that no pod runs yet: the pull secrets that admission would give the pod (its own, or else those of
 * its service account: kubernetes/kubernetes plugin/pkg/admission/serviceaccount/admission.go), and the nodes it may land on.
 */
export async function collectPlanned(
  { images, secrets = [], promised = new Map() }: Extract<Subject, { kind: "planned" }>,
  cluster: Cluster,
  progress: Progress,
  signal: AbortSignal,
): Promise<ClusterFacts> {
  progress.update(`Reading what ${images.length === 1 ? "an image" : `${images.length} images`} would be pulled with`);
  const known = noSurroundings();
  for (const secret of secrets)
    known.secrets.set(`${secret.namespace}/${secret.name}`, { kind: "found", value: secret });
  const before = images.map(targetOf);
  const [nodes] = await Promise.all([
    orInterrupted(cluster.nodes({ most: 1000, metadataOnly: true }, signal), signal),
    readSurroundings(before, [], known, cluster, progress, signal),
  ]);
  const targets = before.map((target) => {
    const account = found(known.serviceAccounts.get(`${target.namespace}/${target.serviceAccountName}`));
    const own = target.pullSecretNames;
    return { ...target, pullSecretNames: own.length > 0 ? own : (account?.pullSecretNames ?? []) };
  });
  const [, others] = await lookBeside(
    readSurroundings(targets, [], known, cluster, progress, signal),
    (until) => readOtherSecrets(targets, cluster, until),
    signal,
  );
  for (const [key, source] of promised) {
    if (known.secrets.get(key)?.kind === "absent")
      known.secrets.set(key, { kind: "unasked", why: `${source} in the manifests makes it` });
  }
  const usable =
    nodes.kind === "found" ? nodes.value.items.filter((node) => targets.some((one) => mayLandOn(one, node))) : [];
  return {
    targets,
    secrets: known.secrets,
    serviceAccounts: known.serviceAccounts,
    nodes: new Map(usable.map((node): [string, Read<NodeFacts>] => [node.name, { kind: "found", value: node }])),
    otherSecrets: others.otherSecrets,
    namesakes: others.namesakes,
    imageUses: [],
    gaps: uniqueGaps([
      gapOf("nodes", nodes),
      ...gapsAround(known),
      ...images.map((image) => missingAccount(image, known.serviceAccounts)),
    ]),
    examined: images.length,
  };
}

/** A service account that is neither in the cluster nor in the manifests, most often a name or a namespace that is misspelt. */
function missingAccount(
  { namespace, serviceAccountName = "default", serviceAccountPlanned }: PlannedImage,
  known: ReadonlyMap<string, Read<ServiceAccountFacts>>,
): Gap | undefined {
  const read = known.get(`${namespace}/${serviceAccountName}`);
  if (serviceAccountPlanned === true || read?.kind !== "absent") return undefined;
  return {
    what: `service account ${serviceAccountName} in namespace ${namespace}`,
    why: "it is not there: no pod that names it would be made, and no pull secret of it was tried",
    remedy: "Check the name and the namespace.",
  };
}

function targetOf(planned: PlannedImage): Target {
  return {
    namespace: planned.namespace,
    ...(planned.owner === undefined ? {} : { owner: planned.owner }),
    ...(planned.container === undefined ? {} : { container: planned.container }),
    ...(planned.file === undefined ? {} : { file: planned.file }),
    ...(planned.line === undefined ? {} : { line: planned.line }),
    containerKind: "planned",
    image: planned.image,
    ...(planned.pullPolicy === undefined ? {} : { pullPolicy: planned.pullPolicy }),
    nodeSelector: planned.nodeSelector,
    serviceAccountName: planned.serviceAccountName ?? "default",
    pullSecretNames: planned.pullSecretNames,
    failures: [],
  };
}

function mayLandOn({ nodeSelector }: Target, { labels }: NodeFacts): boolean {
  return Object.entries(nodeSelector).every(([key, value]) => labels[key] === value);
}
