import { readFile } from "node:fs/promises";
import path from "node:path";
import type { ClusterSettings } from "./cluster-settings.ts";
import { type Entries, noEntries } from "./kubeconfig-files.ts";

/** What the one context is called that a pod's service account makes; it has no name of its own. */
export const inCluster = "in-cluster";

/**
 * Inside a pod: its own service account, as a kubeconfig of one context; undefined elsewhere. The namespace is POD_NAMESPACE
 * or the account's (k8s.io/client-go rest/config.go, InClusterConfig; tools/clientcmd/client_config.go, inClusterClientConfig).
 */
export async function inClusterEntries(settings: ClusterSettings): Promise<Entries | undefined> {
  const { environment, serviceAccountDirectory = "/var/run/secrets/kubernetes.io/serviceaccount" } = settings;
  const host = environment["KUBERNETES_SERVICE_HOST"];
  const port = environment["KUBERNETES_SERVICE_PORT"];
  if (!host || !port) return undefined;
  const file = (name: string) => path.join(serviceAccountDirectory, name);
  const namespace = environment["POD_NAMESPACE"] || (await readFile(file("namespace"), "utf8").catch(() => "")).trim();
  const entries = noEntries();
  const server = `https://${host.includes(":") ? `[${host}]` : host}:${port}`;
  entries.clusters.set(inCluster, { name: inCluster, server, skipTLSVerify: false, caFile: file("ca.crt") });
  entries.users.set(inCluster, { name: inCluster, tokenFile: file("token"), asGroups: [], asExtra: [] });
  entries.contexts.set(inCluster, {
    name: inCluster,
    cluster: inCluster,
    user: inCluster,
    ...(namespace === "" ? {} : { namespace }),
  });
  entries.current = inCluster;
  return entries;
}
