import { KnownError } from "../domain/known-error.ts";
import type { NamedResource } from "../domain/query.ts";
import type { Cluster } from "./cluster.ts";
import { nearestNames } from "./nearest-names.ts";
import { plain } from "./plain-name.ts";

/**
 * The error for a name that nothing in the namespace has: one sentence, and the names that were perhaps meant, or where to look.
 * `names` are those that are there; none where they could not be read.
 */
export function noSuchObject(
  { type, name }: NamedResource,
  namespace: string,
  names: readonly string[],
  { context }: Pick<Cluster, "context">,
): KnownError {
  const near = nearestNames(name, names);
  const hint =
    near.length > 0
      ? `Did you mean ${near.map(plain).join(" or ")}?`
      : `Look at: kubectl get ${type}s -n ${namespace}${context === undefined ? "" : ` --context ${context}`}`;
  return new KnownError("cluster-unreadable", `there is no ${type} ${plain(name)} in namespace ${namespace}`, hint);
}
