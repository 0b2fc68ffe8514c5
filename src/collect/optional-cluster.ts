import { KnownError } from "../domain/known-error.ts";
import type { Read } from "../domain/read.ts";
import type { Cluster } from "./cluster.ts";

/**
 * A cluster that helps where it can be reached: what would end the run, an API server that does not answer or a login that is
 * over, is a refusal of each read. For images that nobody runs yet, where the kubeconfig is only there by chance.
 */
export function optionalCluster(cluster: Cluster): Cluster {
  async function optional<T>(read: Promise<Read<T>>): Promise<Read<T>> {
    try {
      return await read;
    } catch (error) {
      if (error instanceof KnownError && error.code === "cluster-unreadable") {
        return { kind: "failed", why: error.message };
      }
      throw error;
    }
  }
  return {
    ...cluster,
    secret: (...asked) => optional(cluster.secret(...asked)),
    pullSecrets: (...asked) => optional(cluster.pullSecrets(...asked)),
    namespacesWithSecret: (...asked) => optional(cluster.namespacesWithSecret(...asked)),
    serviceAccount: (...asked) => optional(cluster.serviceAccount(...asked)),
    nodes: (...asked) => optional(cluster.nodes(...asked)),
  };
}
