import http from "node:http";
import https from "node:https";
import { type Login, optionsFromClientNode, tlsOptions } from "./api-login.ts";
import type { ClusterSettings } from "./cluster-settings.ts";
import { openHttp2 } from "./http2-transport.ts";
import type { ClusterAccess } from "./kubeconfig.ts";
import type { Transport } from "./transport.ts";

/**
 * HTTP/2 over one connection, as kubectl speaks it, wherever the server takes it; HTTP/1.1 through a proxy, without TLS, or
 * where that is all the server speaks. The difference is a TLS handshake and a round trip for each read of the second round.
 */
export async function openTransport(
  access: ClusterAccess,
  settings: ClusterSettings,
  login: Login,
  server: URL,
  patience: number,
): Promise<Transport> {
  const proxyEnv = proxyEnvironment(settings);
  if (server.protocol === "http:") return http1(http, new http.Agent({ ...pool, ...proxyEnv }), server);
  const tls: https.AgentOptions = {
    ...(await tlsOptions(access)),
    ...(login.certificate === undefined ? {} : { cert: login.certificate.certificate, key: login.certificate.key }),
  };
  if (access.cluster.proxyUrl) {
    const { agent } = await optionsFromClientNode(access);
    if (agent instanceof http.Agent) return http1(https, agent, server);
  }
  const fallback = () => http1(https, new https.Agent({ ...pool, ...tls, ...proxyEnv }), server);
  return "proxyEnv" in proxyEnv ? fallback() : openHttp2(tls, server, patience, fallback);
}

const pool = { keepAlive: true, maxSockets: 8, scheduling: "lifo" } as const;

function http1(client: Pick<typeof https, "request">, agent: http.Agent, server: URL): Transport {
  const target = {
    agent,
    method: "GET",
    hostname: server.hostname.replace(/^\[|\]$/g, ""),
    port: server.port || (server.protocol === "http:" ? 80 : 443),
  };
  return {
    get: (path, headers, signal) =>
      new Promise((resolve, reject) => {
        const lines = Object.entries({ host: server.host, ...headers }).map(
          ([name, value]): [string, string | string[]] => [name, typeof value === "string" ? value : [...value]],
        );
        const request = client.request({ ...target, path, headers: Object.fromEntries(lines), signal }, (message) => {
          const header = (name: string) => {
            const value = message.headers[name];
            return typeof value === "string" ? value : undefined;
          };
          resolve({ status: message.statusCode ?? 0, header, body: message, isWhole: () => message.complete });
        });
        request.on("error", reject);
        request.end();
      }),
    close: () => agent.destroy(),
  };
}

/** kubectl goes through the proxy of the environment, except to loopback (net/http ProxyFromEnvironment). */
function proxyEnvironment({ environment }: ClusterSettings): { proxyEnv?: Record<string, string> } {
  const names = ["HTTPS_PROXY", "https_proxy", "HTTP_PROXY", "http_proxy", "NO_PROXY", "no_proxy"];
  const given = names.flatMap((name) => (environment[name] ? [[name, environment[name]] as const] : []));
  if (!given.some(([name]) => !/no_proxy/i.test(name))) return {};
  const proxyEnv: Record<string, string> = Object.fromEntries(given);
  const except = proxyEnv["no_proxy"] ?? proxyEnv["NO_PROXY"];
  proxyEnv["NO_PROXY"] = ["localhost", "127.0.0.1", "::1", ...(except === undefined ? [] : [except])].join(",");
  delete proxyEnv["no_proxy"];
  return { proxyEnv };
}
