import http from "node:http";
import https from "node:https";
import { KnownError } from "../domain/known-error.ts";
import { type Login, tlsOptions } from "./api-login.ts";
import { proxyHost, proxyOfEnvironment } from "./api-proxy.ts";
import { requestOptions } from "./client-node.ts";
import type { ClusterSettings } from "./cluster-settings.ts";
import { ProxyFault } from "./connection-fault.ts";
import { openHttp2 } from "./http2-transport.ts";
import type { ClusterAccess } from "./kubeconfig.ts";
import { plain } from "./plain-name.ts";
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
  const tls: https.AgentOptions = {
    ...(server.protocol === "http:" ? {} : await tlsOptions(access)),
    ...(login.certificate === undefined ? {} : { cert: login.certificate.certificate, key: login.certificate.key }),
  };
  const proxy = access.cluster.proxyUrl ?? proxyOfEnvironment(server, settings.environment);
  if (proxy !== undefined) {
    const agent = Object.assign(await proxyAgent(access, tls, proxy), pool);
    return http1(server.protocol === "http:" ? http : https, agent, server, proxyHost(proxy));
  }
  if (server.protocol === "http:") return http1(http, new http.Agent(pool), server);
  return openHttp2(tls, server, patience, () => http1(https, new https.Agent({ ...pool, ...tls }), server));
}

/**
 * The agent of @kubernetes/client-node for an HTTP, HTTPS or SOCKS proxy; its half of the library is loaded for nothing else.
 * Names are resolved by the proxy, as Go's net/http has it for `socks5` too; the library's `socks5` resolves them here.
 */
async function proxyAgent({ cluster }: ClusterAccess, tls: https.AgentOptions, proxy: string): Promise<http.Agent> {
  const unknown = new KnownError(
    "cluster-unreadable",
    `the proxy for the API server (${plain(proxyHost(proxy)) || "no URL"}) is of no known kind`,
    "proxy-url and HTTPS_PROXY take http, https and socks5 addresses.",
  );
  if (!/^(https?|socks5h?):\/\/./i.test(proxy) || !URL.canParse(proxy)) throw unknown;
  const data = (name: "ca" | "cert" | "key") =>
    tls[name] === undefined ? {} : { [`${name}Data`]: Buffer.from(String(tls[name])).toString("base64") };
  // The library refuses plain HTTP unless verification is off; without TLS there is nothing to verify.
  const skipTLSVerify = cluster.skipTLSVerify || cluster.server.startsWith("http:");
  const { caFile: _file, caData: _data, ...others } = cluster;
  const proxyUrl = proxy.replace(/^socks5:/i, "socks5h:");
  const { agent } = await requestOptions(
    { ...others, ...data("ca"), skipTLSVerify, proxyUrl },
    { name: "", ...data("cert"), ...data("key") },
  );
  if (agent instanceof http.Agent) return agent;
  throw unknown;
}

const pool = { keepAlive: true, maxSockets: 8, scheduling: "lifo" } as const;

function http1(client: Pick<typeof https, "request">, agent: http.Agent, server: URL, proxy?: string): Transport {
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
        request.on("error", (error) => reject(proxy === undefined ? error : new ProxyFault(proxy, error)));
        request.end();
      }),
    close: () => agent.destroy(),
  };
}
