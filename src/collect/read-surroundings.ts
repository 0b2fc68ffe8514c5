import type { NodeFacts, SecretFacts, ServiceAccountFacts } from "../domain/cluster-facts.ts";
import type { Gap } from "../domain/gap.ts";
import type { Progress } from "../domain/progress.ts";
import type { Read } from "../domain/read.ts";
import type { Target } from "../domain/target.ts";
import type { Cluster } from "./cluster.ts";
import { inParallel } from "./in-parallel.ts";
import { gapOf } from "./refusal-gap.ts";

const atOnce = 8;
/** More nodes than this are listed in pages rather than read one by one. */
const mostSingleNodes = 40;

/** Keyed as in ClusterFacts. */
export interface Surroundings {
  readonly secrets: Map<string, Read<SecretFacts>>;
  readonly serviceAccounts: Map<string, Read<ServiceAccountFacts>>;
  readonly nodes: Map<string, Read<NodeFacts>>;
}

export function noSurroundings(): Surroundings {
  return { secrets: new Map(), serviceAccounts: new Map(), nodes: new Map() };
}

/**
 * Reads what targets name and `known` does not have yet: Secrets, service accounts, nodes, each once however many targets
 * share it, and adds it to `known`. Refusals are kept as they are. Once `signal` is aborted, the rest is `unasked`.
 */
export async function readSurroundings(
  targets: readonly Target[],
  nodeNames: readonly string[],
  known: Surroundings,
  cluster: Cluster,
  progress: Progress,
  signal: AbortSignal,
): Promise<void> {
  const jobs: (() => Promise<void>)[] = [];
  const want = <T>(map: Map<string, Read<T>>, key: string, ask: () => Promise<Read<T>>) => {
    if (map.has(key)) return;
    map.set(key, { kind: "unasked", why: "the run was interrupted" });
    jobs.push(async () => {
      map.set(key, await orInterrupted(ask(), signal));
    });
  };
  for (const { namespace, pullSecretNames, serviceAccountName = "default", containerKind } of targets) {
    for (const name of pullSecretNames) {
      if (name === "") continue;
      want(known.secrets, `${namespace}/${name}`, () => cluster.secret(namespace, name, signal));
    }
    // The pause image is pulled without any login of the pod's.
    if (containerKind === "sandbox") continue;
    want(known.serviceAccounts, `${namespace}/${serviceAccountName}`, () =>
      cluster.serviceAccount(namespace, serviceAccountName, signal),
    );
  }
  const names = [...new Set(nodeNames)].filter((name) => !known.nodes.has(name));
  if (names.length > mostSingleNodes) jobs.push(() => readNodeList(names, known, cluster, signal));
  else for (const name of names) want(known.nodes, name, () => cluster.node(name, signal));
  await inParallel(jobs, atOnce, async (job, index) => {
    if (jobs.length > atOnce)
      progress.update(`Reading secrets, service accounts and nodes (${index + 1} of ${jobs.length})`);
    if (!signal.aborted) await job();
  });
}

async function readNodeList(
  names: readonly string[],
  known: Surroundings,
  cluster: Cluster,
  signal: AbortSignal,
): Promise<void> {
  const read = await orInterrupted(cluster.nodes({}, signal), signal);
  const nodes = new Map(read.kind === "found" ? read.value.items.map((node) => [node.name, node]) : []);
  for (const name of names) {
    const node = nodes.get(name);
    if (node !== undefined) known.nodes.set(name, { kind: "found", value: node });
    else known.nodes.set(name, read.kind === "found" ? { kind: "absent" } : read);
  }
}

/** What could not be read of the Secrets and service accounts that targets name. */
export function gapsAround({ secrets, serviceAccounts }: Surroundings): readonly (Gap | undefined)[] {
  return [
    ...[...secrets].map(([key, read]) => gapOf(`secrets in namespace ${namespaceOf(key)}`, read)),
    ...[...serviceAccounts].map(([key, read]) => gapOf(`service accounts in namespace ${namespaceOf(key)}`, read)),
  ];
}

function namespaceOf(key: string): string {
  return key.slice(0, key.indexOf("/"));
}

/** Ctrl-C ends the reading, not the run: what is known by then is still told. */
export async function orInterrupted<T>(read: Promise<Read<T>>, signal: AbortSignal): Promise<Read<T>> {
  try {
    return await read;
  } catch (error) {
    if (signal.aborted) return { kind: "unasked", why: "the run was interrupted" };
    throw error;
  }
}
