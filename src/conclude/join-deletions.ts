import type { Remedy } from "../domain/diagnosis.ts";
import { inNamespace } from "../knowledge/evidence/remedies.ts";
import { shellWord } from "../knowledge/registries/shell-word.ts";

/** Pods that one command deletes; a longer line nobody reads before running it. */
const mostPods = 50;

/**
 * Deletions of several pods as one command for each namespace, in the place of the first, so that none of many pods is left out
 * and what else is to do stays in sight. A single deletion stays as it is.
 */
export function joinDeletions(remedies: readonly Remedy[]): Remedy[] {
  const groups = Map.groupBy(
    remedies.filter(({ deletes }) => deletes !== undefined),
    ({ deletes }) => JSON.stringify([deletes?.namespace, deletes?.maker !== undefined]),
  );
  return remedies.flatMap((remedy) => {
    const { deletes } = remedy;
    if (deletes === undefined) return [remedy];
    const group = groups.get(JSON.stringify([deletes.namespace, deletes.maker !== undefined])) ?? [];
    if (group.length < 2) return [remedy];
    return group[0] === remedy ? [joined(group, deletes.namespace)] : [];
  });
}

function joined(group: readonly Remedy[], namespace: string): Remedy {
  const pods = group.flatMap(({ deletes }) => deletes?.pod ?? []);
  const makers = new Set(group.map(({ deletes }) => deletes?.maker));
  const [maker] = makers;
  const shown = pods.slice(0, mostPods);
  const what =
    shown.length === pods.length ? `the ${pods.length} pods` : `the first ${shown.length} of ${pods.length} pods`;
  const then =
    maker === undefined
      ? " and create them again; nobody else will"
      : makers.size === 1
        ? `; ${maker} makes new ones`
        : "; what made them makes new ones";
  return {
    title: `Delete ${what} in namespace ${namespace}${then}`,
    command: `kubectl delete ${shown.map((pod) => shellWord(`pod/${pod}`)).join(" ")} ${inNamespace(namespace)}`,
  };
}
