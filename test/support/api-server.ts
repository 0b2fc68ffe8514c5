import { randomBytes } from "node:crypto";
import { once } from "node:events";
import http2 from "node:http2";
import https from "node:https";
import type { AddressInfo, Socket } from "node:net";
import { Exchange, ok, type Reply, refusal } from "./api-server-exchange.ts";
import {
  type ApiFault,
  type ApiRequest,
  type Incoming,
  matching,
  type Outgoing,
  type RequestMatch,
} from "./api-server-faults.ts";
import {
  type ApiObject,
  fieldMatcher,
  labelMatcher,
  type Matcher,
  parseResourcePath,
  type ResourcePath,
  record,
  type StoredObject,
  store,
} from "./api-server-objects.ts";
import { understand, whoIs } from "./api-server-request.ts";
import { discoveryBody, listBody, metadataBody, tableBody } from "./api-server-views.ts";
import { WatchHub } from "./api-server-watch.ts";
import { type Authority, type KeyPair, sharedAuthority, sharedCertificate } from "./certificates.ts";

export interface ApiServerOptions {
  /** Objects with `kind` and `metadata.name`; a List's items count as objects. */
  readonly objects?: readonly ApiObject[];
  /** Bearer token → user name. Left out: one random token, see `token`. */
  readonly tokens?: Readonly<Record<string, string>>;
  /** Who signs client certificates; their common name is the user. */
  readonly clientAuthority?: Authority;
  /** Certificate to present; by default one for 127.0.0.1 and localhost by the shared authority. */
  readonly certificate?: KeyPair;
  readonly port?: number;
  /** Speak HTTP/1.1 alone, as some proxies do; otherwise HTTP/2 too, as the API server. */
  readonly http1Only?: boolean;
  /** Milliseconds that every answer takes at least: what a real network costs. */
  readonly latency?: number;
}

/** One request, as it was served. */
export interface ServedRequest extends ApiRequest {
  readonly user: string;
  readonly status: number;
  /** Body bytes sent. */
  readonly bytes: number;
  /** `2.0` or `1.1`. */
  readonly httpVersion: string;
  readonly headers: Incoming["headers"];
  /** When it came and when it was answered, in milliseconds (`performance.now`). */
  readonly from: number;
  readonly to: number;
}

/**
 * A Kubernetes API server on loopback, over TLS, that serves given objects: get, list (label and field selectors, limit and
 * continue, Table and metadata views, gzip), watch (resume, 410), and discovery enough for a real kubectl. It answers nothing
 * but GET. Whoever is not let in gets 401, what `deny` names gets 403, and a request that nobody expected (another method,
 * a path or resource that is not served) is remembered: `close` then throws, and so the test fails.
 */
export interface ApiServer extends AsyncDisposable {
  readonly url: string;
  readonly port: number;
  /** PEM of the authority that signed its certificate. */
  readonly authority: string;
  /** The token that works, where no `tokens` were given. */
  readonly token: string;
  /** Every request so far, in order of its end. */
  readonly requests: readonly ServedRequest[];
  readonly unexpected: readonly string[];
  readonly openWatches: number;
  /** How many connections were made so far, and how many are open. */
  readonly connections: number;
  readonly openConnections: number;
  /** Adds or replaces an object; open watches hear of it. */
  put(object: ApiObject): void;
  remove(kind: string, namespace: string, name: string): void;
  /** Refuses with 403, as RBAC does. Nothing given refuses everything. */
  deny(match: RequestMatch): void;
  /** Wraps a fault around the server; the last one added is the outermost. */
  fault(fault: ApiFault): void;
  /** The next so many continue tokens are answered with 410. */
  expireContinue(times: number): void;
  endWatches(how: "close" | "cut"): void;
  /** Destroys all open connections. */
  dropConnections(): void;
  /** Compacts: watches from an older resourceVersion get 410. */
  forgetHistory(): void;
  /** Ends it and all connections. Throws where a request came that nobody expected. */
  close(): Promise<void>;
}

export async function startApiServer(options: ApiServerOptions = {}): Promise<ApiServer> {
  const token = randomBytes(12).toString("hex");
  const tokens = new Map(Object.entries(options.tokens ?? { [token]: "tester" }));
  const objects = new Map<string, Map<string, StoredObject>>();
  const hub = new WatchHub();
  const requests: ServedRequest[] = [];
  const unexpected: string[] = [];
  const denials: ((request: ApiRequest) => boolean)[] = [];
  const faults: ApiFault[] = [];
  const selections = new Map<string, readonly StoredObject[]>();
  let version = 1000;
  let expired = 0;

  function put(object: ApiObject): void {
    version++;
    const metadata = { ...record(object["metadata"]), resourceVersion: String(version) };
    const stored = store({ ...object, metadata });
    const ofKind = objects.get(stored.plural) ?? new Map<string, StoredObject>();
    objects.set(stored.plural, ofKind);
    const key = `${stored.namespace}/${stored.name}`;
    const before = ofKind.get(key);
    ofKind.set(key, stored);
    selections.clear();
    hub.publish(version, before === undefined ? "ADDED" : "MODIFIED", stored, before);
  }

  function remove(kind: string, namespace: string, name: string): void {
    const probe = store({ kind, metadata: { name, namespace } });
    const ofKind = objects.get(probe.plural);
    const stored = ofKind?.get(`${probe.namespace}/${name}`);
    if (stored === undefined) throw new Error(`There is no ${kind} ${namespace}/${name} to remove.`);
    ofKind?.delete(`${probe.namespace}/${name}`);
    version++;
    selections.clear();
    const metadata = { ...record(stored.object["metadata"]), resourceVersion: String(version) };
    hub.publish(version, "DELETED", store({ ...stored.object, metadata }));
  }

  function select(path: ResourcePath, labels: string, fields: string): readonly StoredObject[] | undefined {
    const key = JSON.stringify([path.plural, path.namespace, labels, fields]);
    const known = selections.get(key);
    if (known !== undefined) return known;
    const matches = matcher(path, labels, fields);
    if (matches === undefined) return undefined;
    const all = [...(objects.get(path.plural)?.values() ?? [])];
    // etcd's order: by key.
    const found = all.filter(matches).sort((a, b) => (keyOf(a) < keyOf(b) ? -1 : 1));
    selections.set(key, found);
    return found;
  }

  function serve(request: ApiRequest, path: ResourcePath | undefined, exchange: Exchange): Reply {
    if (request.method !== "GET") return unexpectedRequest(request);
    const discovery = path === undefined ? discoveryBody(request.path) : undefined;
    if (discovery !== undefined) return ok(JSON.stringify(discovery));
    if (path === undefined) return unexpectedRequest(request);
    if (denials.some((denied) => denied(request))) {
      const where =
        request.namespace === undefined ? "at the cluster scope" : `in the namespace "${request.namespace}"`;
      const what = `cannot ${request.verb} resource "${request.resource}" in API group "${path.group}" ${where}`;
      return refusal(403, "Forbidden", `${request.resource} is forbidden: User "${exchange.user}" ${what}`);
    }
    if (path.name !== undefined) return serveOne(path, path.name);
    if (request.verb === "watch") return serveWatch(request, path, exchange);
    return serveList(request, path);
  }

  function serveOne(path: ResourcePath, name: string): Reply {
    const stored = objects.get(path.plural)?.get(`${path.namespace ?? ""}/${name}`);
    if (stored === undefined) return refusal(404, "NotFound", `${path.plural} "${name}" not found`);
    return ok(stored.json);
  }

  function serveWatch(request: ApiRequest, path: ResourcePath, exchange: Exchange): Reply {
    const matches = matcher(path, request.query.get("labelSelector") ?? "", request.query.get("fieldSelector") ?? "");
    if (matches === undefined) return refusal(400, "BadRequest", "field selector is not supported");
    const from = Number(request.query.get("resourceVersion") ?? version);
    exchange.note(200, 0);
    hub.start({ plural: path.plural, namespace: path.namespace, matches, response: exchange.response }, from);
    return undefined;
  }

  function serveList(request: ApiRequest, path: ResourcePath): Reply {
    const { query } = request;
    const found = select(path, query.get("labelSelector") ?? "", query.get("fieldSelector") ?? "");
    if (found === undefined) return refusal(400, "BadRequest", "field label not supported");
    const token = query.get("continue");
    if (token !== null && expired > 0) {
      expired--;
      return refusal(410, "Expired", "The provided continue parameter is too old");
    }
    const start = token === null ? 0 : Number(Buffer.from(token, "base64url").toString("utf8"));
    const limit = Number(query.get("limit") ?? 0) || found.length;
    const items = found.slice(start, start + limit);
    const left = found.length - start - items.length;
    const more =
      left > 0 ? { continue: Buffer.from(String(start + limit)).toString("base64url"), remainingItemCount: left } : {};
    const metadata = { resourceVersion: String(version), ...more };
    if (request.accept.includes("as=Table")) return ok(tableBody(path.plural, items, metadata));
    if (request.accept.includes("as=PartialObjectMetadataList")) return ok(metadataBody(items, metadata));
    return ok(listBody(path.plural, items, metadata));
  }

  function unexpectedRequest(request: ApiRequest): Reply {
    unexpected.push(`${request.method} ${request.path}`);
    return refusal(404, "NotFound", "the server could not find the requested resource");
  }

  async function handle(incoming: Incoming, response: Outgoing): Promise<void> {
    const from = performance.now();
    const url = new URL(incoming.url ?? "/", "https://127.0.0.1");
    const path = parseResourcePath(url.pathname);
    const request = understand(incoming, url, path);
    const note = (status: number, bytes: number) => {
      const { headers, httpVersion } = incoming;
      requests.push({
        ...request,
        user: exchange.user,
        status,
        bytes,
        httpVersion,
        headers,
        from,
        to: performance.now(),
      });
    };
    const exchange = new Exchange(incoming, response, whoIs(incoming, tokens), note);
    if (options.latency) await new Promise((resolve) => setTimeout(resolve, options.latency));
    const core = async () => exchange.send(serve(request, path, exchange));
    if (exchange.user === "") {
      exchange.send(refusal(401, "Unauthorized", "Unauthorized"));
      return;
    }
    await faults.reduce<() => Promise<void>>((next, fault) => () => fault(request, response, next), core)();
  }

  for (const object of options.objects ?? []) for (const one of itemsOf(object)) put(one);
  const pair = options.certificate ?? (await sharedCertificate(["localhost"]));
  const tls = {
    cert: pair.cert,
    key: pair.key,
    ...(options.clientAuthority === undefined
      ? {}
      : { ca: options.clientAuthority.cert, requestCert: true, rejectUnauthorized: false }),
  };
  const listener = (request: Incoming, response: Outgoing) => {
    handle(request, response).catch((error: unknown) => {
      unexpected.push(`${request.method} ${request.url}: ${String(error)}`);
      response.destroy();
    });
  };
  const server =
    options.http1Only === true
      ? https.createServer(tls, listener)
      : http2.createSecureServer({ ...tls, allowHTTP1: true }, listener);
  const sockets = new Set<Socket>();
  let connections = 0;
  server.on("connection", (socket: Socket) => {
    connections++;
    sockets.add(socket);
    socket.on("close", () => sockets.delete(socket));
  });
  server.on("tlsClientError", () => {});
  server.listen(options.port ?? 0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  const port = isAddressInfo(address) ? address.port : 0;

  async function close(): Promise<void> {
    hub.end("close");
    for (const socket of sockets) socket.destroy();
    if (server.listening) {
      server.close();
      await once(server, "close");
    }
    if (unexpected.length > 0) {
      throw new Error(
        `Requests came that nobody expected:\n  ${unexpected.join("\n  ")}\nServe the resource (test/support/api-server-objects.ts), or do not ask.`,
      );
    }
  }

  return {
    url: `https://127.0.0.1:${port}`,
    port,
    authority: (await sharedAuthority()).cert,
    token,
    requests,
    unexpected,
    get connections() {
      return connections;
    },
    dropConnections: () => {
      for (const socket of sockets) socket.destroy();
    },
    get openConnections() {
      return sockets.size;
    },
    get openWatches() {
      return hub.open;
    },
    put,
    remove,
    deny: (match) => void denials.push(matching(match)),
    fault: (fault) => void faults.push(fault),
    expireContinue: (times) => {
      expired = times;
    },
    endWatches: (how) => hub.end(how),
    forgetHistory: () => hub.forget(++version),
    close,
    [Symbol.asyncDispose]: close,
  };
}

function matcher(path: ResourcePath, labels: string, fields: string): Matcher | undefined {
  const byLabel = labelMatcher(labels);
  const byField = fieldMatcher(fields, path.plural);
  if (byLabel === undefined || byField === undefined) return undefined;
  return (stored) =>
    (path.namespace === undefined || path.namespace === stored.namespace) && byLabel(stored) && byField(stored);
}

function itemsOf(object: ApiObject): readonly ApiObject[] {
  const items = object["items"];
  return Array.isArray(items) ? items.map(record) : [object];
}

function keyOf(stored: StoredObject): string {
  return `${stored.namespace}/${stored.name}`;
}

function isAddressInfo(address: AddressInfo | string | null): address is AddressInfo {
  return typeof address === "object" && address !== null;
}
