import type { Options } from "./options.ts";
import { clusterSettings } from "./settings.ts";
import type { World } from "./world.ts";

/** A completion that takes longer than this is a nuisance. */
const patience = 2_000;

interface Completion {
  readonly word: string;
  readonly text?: string;
}

/** The options among the words so far that say which cluster and namespace; read leniently, for the line is not finished. */
async function optionsOf(before: readonly string[]): Promise<Options> {
  const { parseOptions } = await import("./options.ts");
  const { flags } = await import("./flags.ts");
  return parseOptions(before, flags, "kubectl imagedoctor");
}

/** Failing pods of the namespace first; then the others. */
export async function failingPods(before: readonly string[], world: World): Promise<Completion[]> {
  const options = await optionsOf(before);
  const { openKubernetes } = await import("../collect/kubernetes.ts");
  const { failingContainers } = await import("../collect/failing-containers.ts");
  const signal = AbortSignal.timeout(patience);
  const cluster = await openKubernetes(
    { ...clusterSettings(options, world, () => {}), requestTimeout: patience },
    signal,
  );
  try {
    const namespace = options.values.get("namespace")?.at(-1) ?? cluster.namespace;
    const read = await cluster.pods({ namespace, most: 1_000 }, () => true, signal);
    if (read.kind !== "found") return [];
    const failing = read.value.items.filter((pod) => failingContainers([pod], []).length > 0);
    const names = new Set(failing.map(({ name }) => name));
    return [
      ...failing.map(({ name }) => ({ word: name, text: "cannot pull" })),
      ...read.value.items.filter(({ name }) => !names.has(name)).map(({ name }) => ({ word: name })),
    ];
  } finally {
    await cluster.close();
  }
}

export async function contexts(before: readonly string[], world: World): Promise<Completion[]> {
  const { contextNames } = await import("../collect/kubeconfig.ts");
  const names = await contextNames(clusterSettings(await optionsOf(before), world, () => {}));
  return names.map((word) => ({ word }));
}

/** Namespaces that the contexts of the kubeconfig name: no request is made, and listing namespaces is often forbidden. */
export async function namespaces(before: readonly string[], world: World): Promise<Completion[]> {
  const { contextNamespaces } = await import("../collect/kubeconfig.ts");
  const names = await contextNamespaces(clusterSettings(await optionsOf(before), world, () => {}));
  return names.map((word) => ({ word }));
}
