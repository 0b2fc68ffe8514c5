import { connect } from "node:net";
import { readKubeconfig } from "../../src/collect/kubeconfig.ts";

/** `HOST:PORT` of the API server that the user's own kubeconfig points at, if it can be reached; undefined otherwise. */
export async function reachableCluster(): Promise<{ readonly context: string; readonly server: string } | undefined> {
  try {
    const access = await readKubeconfig({
      environment: process.env,
      platform: process.platform,
      interactive: () => false,
      tell: () => {},
    });
    const server = access.cluster.server;
    const url = new URL(server);
    return (await accepts(url.hostname, Number(url.port || 443)))
      ? { context: access.context ?? "", server }
      : undefined;
  } catch {
    // No kubeconfig, or none that can be read: there is nothing to mention.
    return undefined;
  }
}

function accepts(host: string, port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ host, port, timeout: 1_000 });
    const end = (answer: boolean) => {
      socket.destroy();
      resolve(answer);
    };
    socket.on("connect", () => end(true));
    socket.on("timeout", () => end(false));
    socket.on("error", () => end(false));
  });
}
