import { createServer } from "node:http";
import { connect, type Socket } from "node:net";
import { listenOnLoopback } from "./on-loopback.ts";
import type { Listener } from "./registry-listener.ts";

/** A proxy that knows CONNECT, and what it was asked. */
export interface ConnectProxy extends Listener {
  /** `host:port` of every CONNECT, in order. */
  readonly asked: readonly string[];
}

/**
 * Starts a plain HTTP proxy on loopback. `routes` says which port of 127.0.0.1 stands for `host:port`, or gives the status
 * to refuse with; so names and ports that this machine cannot have (docker.io:443) are played by servers that it can.
 */
export async function startConnectProxy(
  routes: (target: string) => { readonly port: number } | { readonly status: number },
): Promise<ConnectProxy> {
  const asked: string[] = [];
  const server = createServer((_request, response) => {
    response.statusCode = 405;
    response.end();
  });
  server.on("connect", (request, client: Socket, head: Buffer) => {
    const target = request.url ?? "";
    asked.push(target);
    const route = routes(target);
    if ("status" in route) {
      client.end(`HTTP/1.1 ${route.status} Refused\r\ncontent-length: 0\r\n\r\n`);
      return;
    }
    const upstream = listening.own(connect(route.port, "127.0.0.1"));
    upstream.on("connect", () => {
      client.write("HTTP/1.1 200 Connection established\r\n\r\n");
      upstream.write(head);
      upstream.pipe(client).pipe(upstream);
    });
    upstream.on("error", () => client.destroy());
    client.on("error", () => upstream.destroy());
    client.on("close", () => upstream.destroy());
  });
  const listening = await listenOnLoopback(server);
  const close = async () => listening[Symbol.asyncDispose]();
  return { ...listening, scheme: "http", address: "127.0.0.1", asked, close };
}
