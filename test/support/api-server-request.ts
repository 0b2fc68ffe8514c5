import { TLSSocket } from "node:tls";
import type { ApiRequest, Incoming } from "./api-server-faults.ts";
import type { ResourcePath } from "./api-server-objects.ts";

/** What a request asks for; `path` is undefined where the path names no resource. */
export function understand(incoming: Incoming, url: URL, path: ResourcePath | undefined): ApiRequest {
  const watching = url.searchParams.get("watch") === "1" || url.searchParams.get("watch") === "true";
  const verb = path === undefined ? "other" : path.name !== undefined ? "get" : watching ? "watch" : "list";
  return {
    method: incoming.method ?? "",
    path: url.pathname,
    query: url.searchParams,
    verb,
    resource: path?.plural ?? "",
    ...(path?.namespace === undefined ? {} : { namespace: path.namespace }),
    ...(path?.name === undefined ? {} : { name: path.name }),
    accept: incoming.headers.accept ?? "",
  };
}

/** The user's name; empty for whoever is not let in. */
export function whoIs(incoming: Incoming, tokens: ReadonlyMap<string, string>): string {
  const bearer = /^Bearer (.+)$/.exec(incoming.headers.authorization ?? "")?.[1];
  if (bearer !== undefined) return tokens.get(bearer) ?? "";
  const socket = "stream" in incoming ? incoming.stream.session?.socket : incoming.socket;
  if (!(socket instanceof TLSSocket) || !socket.authorized) return "";
  const name = socket.getPeerCertificate().subject?.CN;
  return typeof name === "string" ? name : "";
}
