import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import type { Cluster } from "../../src/collect/cluster.ts";
import { openKubernetes } from "../../src/collect/kubernetes.ts";
import { type ApiServer, type ApiServerOptions, startApiServer } from "../support/api-server.ts";
import { writeKubeconfig } from "../support/kubeconfig.ts";
import type { Sample } from "./sample-objects.ts";

export interface OpenedCluster extends AsyncDisposable {
  readonly server: ApiServer;
  readonly cluster: Cluster;
}

/** An API server with these objects, and the real client on it, through a kubeconfig and TLS. Both end with the scope. */
export async function openCluster(objects: readonly Sample[], options: ApiServerOptions = {}): Promise<OpenedCluster> {
  const server = await startApiServer({ objects, ...options });
  const directory = await mkdtemp(path.join(tmpdir(), "kubeconfig-"));
  const kubeconfig = await writeKubeconfig(server, directory, { namespace: "shop" });
  const cluster = await openKubernetes({ kubeconfig, environment: {}, requestTimeout: 5000 });
  return {
    server,
    cluster,
    [Symbol.asyncDispose]: async () => {
      await cluster.close();
      await rm(directory, { recursive: true });
      await server.close();
    },
  };
}
