import { once } from "node:events";
import type { IncomingMessage, ServerResponse } from "node:http";
import { createServer, type Server } from "node:https";
import type { AddressInfo, Socket } from "node:net";
import { sharedCertificate } from "./certificates.ts";

/** How an image is met: a registry that is well says that it is not there. */
export type LoadFault = "none" | "hang" | "reset" | "limit" | "huge";

/** In tenths: one of each fault, the rest is well. The limit comes last, for a registry that says 429 is asked no more. */
const tenths: readonly LoadFault[] = ["none", "hang", "none", "reset", "none", "huge", "none", "none", "none", "limit"];

/** Whether a registry is faulty for all its images, or each registry for a tenth of them. */
export type LoadSpread = "by registry" | "by image";

export interface LoadRegistries extends AsyncDisposable {
  /** `host:port/team/app-7:v1` and how it is met. Image number n is at registry n modulo their count. */
  readonly images: readonly { readonly image: string; readonly fault: LoadFault }[];
  readonly hosts: readonly string[];
  /** Largest number of connections that were open at once: at all registries, and at one. */
  readonly mostOpen: { readonly all: number; readonly one: number };
  readonly requests: number;
  /** Connections made. */
  readonly connections: number;
}

/**
 * Registries on loopback, each an HTTPS server at a port of its own under the name `registry-N.load.test`, and images that
 * they do not have. A tenth of all hangs, is reset, is limited (429), and answers without end.
 */
export async function startLoadRegistries(
  counts: { readonly registries: number; readonly images: number },
  spread: LoadSpread,
): Promise<LoadRegistries> {
  const names = Array.from({ length: counts.registries }, (_, index) => `registry-${index}.load.test`);
  const certificate = await sharedCertificate(names);
  const open = new Map<number, number>();
  const tally = { all: 0, one: 0, requests: 0, connections: 0 };
  const faultOf = (registry: number, image: number): LoadFault =>
    tenths[(spread === "by registry" ? registry : Math.floor(image / counts.registries)) % tenths.length] ?? "none";
  const servers: Server[] = [];
  const sockets = new Set<Socket>();

  for (const registry of names.keys()) {
    const server = createServer(certificate, (request, response) => {
      tally.requests++;
      const image = Number(/\/app-(\d+)\//.exec(request.url ?? "")?.[1] ?? registry);
      serve(faultOf(registry, image), request, response);
    });
    server.on("connection", (socket: Socket) => {
      tally.connections++;
      sockets.add(socket);
      const here = (open.get(registry) ?? 0) + 1;
      open.set(registry, here);
      tally.one = Math.max(tally.one, here);
      tally.all = Math.max(tally.all, sockets.size);
      socket.on("error", () => {});
      socket.on("close", () => {
        sockets.delete(socket);
        open.set(registry, (open.get(registry) ?? 1) - 1);
      });
    });
    server.on("tlsClientError", () => {});
    server.listen(0, "127.0.0.1");
    servers.push(server);
  }
  await Promise.all(servers.map((server) => once(server, "listening")));
  const hosts = servers.map((server, index) => `${names[index]}:${(server.address() as AddressInfo).port}`);
  return {
    hosts,
    images: Array.from({ length: counts.images }, (_, index) => {
      const registry = index % counts.registries;
      return { image: `${hosts[registry]}/team/app-${index}:v1`, fault: faultOf(registry, index) };
    }),
    get mostOpen() {
      return { all: tally.all, one: tally.one };
    },
    get requests() {
      return tally.requests;
    },
    get connections() {
      return tally.connections;
    },
    [Symbol.asyncDispose]: async () => {
      for (const socket of sockets) socket.destroy();
      await Promise.all(servers.map((server) => new Promise((resolve) => server.close(resolve))));
    },
  };
}

const filler = Buffer.alloc(65_536, " ");

function serve(fault: LoadFault, request: IncomingMessage, response: ServerResponse): void {
  const json = { "content-type": "application/json" };
  switch (fault) {
    case "hang":
      return;
    case "reset":
      request.socket.destroy();
      return;
    case "limit":
      response.writeHead(429, json);
      response.end('{"errors":[{"code":"TOOMANYREQUESTS","message":"too many requests"}]}');
      return;
    case "huge":
      response.writeHead(200, { ...json, "content-type": "application/vnd.oci.image.manifest.v1+json" });
      if (request.method === "HEAD") response.end();
      else pour(response);
      return;
    default:
      response.writeHead(404, json);
      response.end('{"errors":[{"code":"MANIFEST_UNKNOWN","message":"manifest unknown"}]}');
  }
}

/** As fast as it is read, without end. */
function pour(response: ServerResponse): void {
  while (!response.destroyed && response.write(filler));
  if (!response.destroyed) response.once("drain", () => pour(response));
}
