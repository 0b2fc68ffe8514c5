import type { Read } from "../domain/read.ts";
import type { Cluster } from "./cluster.ts";

/** Where there is no cluster to ask: `--image` and `-f` without a usable kubeconfig. Every read is `unasked`. */
export function noCluster(namespace = "default", why = "there is no cluster to ask"): Cluster {
  const unasked = async (): Promise<Read<never>> => ({ kind: "unasked", why });
  return {
    namespace,
    pod: unasked,
    pods: unasked,
    podNames: unasked,
    events: unasked,
    secret: unasked,
    pullSecrets: unasked,
    namespacesWithSecret: unasked,
    serviceAccount: unasked,
    node: unasked,
    nodes: unasked,
    workload: unasked,
    workloads: unasked,
    close: async () => {},
  };
}
