import http, { type IncomingMessage } from "node:http";
import https from "node:https";
import { setTimeout as pause } from "node:timers/promises";
import { KnownError } from "../domain/known-error.ts";
import { type Login, logIn, optionsFromClientNode, repeatedHeaders, tlsOptions } from "./api-login.ts";
import { type ClusterSettings, defaultRequestTimeout } from "./cluster-settings.ts";
import { connectionFault, isPassing } from "./connection-fault.ts";
import { member, textAt } from "./json-values.ts";
import { type ClusterAccess, plain } from "./kubeconfig.ts";

/** What came of one GET, retries and all. */
export type ApiReply =
  | { readonly kind: "object"; readonly body: unknown }
  /** The API server's own refusal, with what its Status object says. */
  | { readonly kind: "status"; readonly code: number; readonly reason: string; readonly message: string }
  | { readonly kind: "failed"; readonly why: string };

export interface GetOptions {
  /** Lists are worth compressing; the API server does so from 128 KiB up. */
  readonly compressed?: boolean;
  readonly accept?: string;
  readonly mostBytes?: number;
  readonly signal?: AbortSignal | undefined;
}

export interface ApiClient {
  get(path: string, options?: GetOptions): Promise<ApiReply>;
  /** Opens an answer that has no end of its own (a watch). Rejects only where `get` would. */
  open(path: string, signal: AbortSignal | undefined): Promise<IncomingMessage | Exclude<ApiReply, { kind: "object" }>>;
  close(): void;
}

const largestObject = 8 * 1024 * 1024;
const mostAttempts = 4;
const longestPause = 10_000;

/** Ends a time limit's own abort apart from the caller's. */
class TimeUp extends Error {}

/**
 * GETs from an API server through one keep-alive agent. Nothing but GET is ever sent.
 * Retries as client-go does: on 429 and 5xx with the wait the server asks for (bounded), on a reset connection; and once
 * with a fresh login on 401. The time limit holds for a request with all its retries.
 * Until something has answered, a failing connection and a 401 are KnownErrors; later they are values.
 */
export async function openApiClient(
  access: ClusterAccess,
  settings: ClusterSettings,
  signal?: AbortSignal,
): Promise<ApiClient> {
  const server = serverUrl(access);
  const limit = settings.requestTimeout ?? defaultRequestTimeout;
  const transport = server.protocol === "http:" ? http : https;
  const base = server.pathname.replace(/\/$/, "");
  let login = await logIn(access, settings, signal);
  let agent = await makeAgent(access, settings, login);
  let answered = false;
  let renewal: Promise<void> | undefined;

  /** One new login for all requests that were refused at the same time. */
  function renew(): Promise<void> {
    renewal ??= (async () => {
      const renewed = await logIn(access, settings, signal);
      if (renewed.certificate !== undefined) agent = await makeAgent(access, settings, renewed);
      login = renewed;
    })().finally(() => {
      renewal = undefined;
    });
    return renewal;
  }

  async function send(path: string, options: GetOptions, until: AbortSignal): Promise<IncomingMessage> {
    if (login.expiresAt !== undefined && login.expiresAt <= Date.now()) await renew();
    const headers = Object.entries({
      host: server.host,
      accept: options.accept ?? "application/json",
      "user-agent": "kubectl-imagedoctor",
      ...(options.compressed === true ? { "accept-encoding": "gzip" } : {}),
      ...login.headers,
    }).flat();
    return new Promise((resolve, reject) => {
      const request = transport.request(
        {
          agent,
          method: "GET",
          hostname: server.hostname.replace(/^\[|\]$/g, ""),
          port: server.port || (server.protocol === "http:" ? 80 : 443),
          path: `${base}${path}`,
          headers: [...headers, ...repeatedHeaders(access)],
          signal: until,
        },
        resolve,
      );
      request.on("error", reject);
      request.end();
    });
  }

  async function attempt(path: string, options: GetOptions, until: AbortSignal): Promise<Attempt> {
    const response = await send(path, options, until);
    answered = true;
    const body = await readBody(response, options.mostBytes ?? largestObject);
    if (body === undefined) return { reply: { kind: "failed", why: "its answer was too large" } };
    return readReply(response, body);
  }

  async function get(path: string, options: GetOptions = {}): Promise<ApiReply> {
    const timer = new AbortController();
    const clock = setTimeout(() => timer.abort(new TimeUp()), limit);
    const until = options.signal === undefined ? timer.signal : AbortSignal.any([options.signal, timer.signal]);
    let renewed = false;
    let last: Attempt | undefined;
    try {
      for (let count = 1; ; count++) {
        const outcome = await attempt(path, options, until).catch((error: unknown) => faultOf(error, until));
        last = outcome;
        const { reply } = outcome;
        if (reply.kind === "status" && reply.code === 401 && !renewed) {
          renewed = true;
          await renew();
          continue;
        }
        if (outcome.retryAfter === undefined || count >= mostAttempts) break;
        // A server that names no time gets a tenth of a second, doubled each time.
        const wait = Math.min(Math.max(outcome.retryAfter, 50 * 2 ** count), longestPause);
        await pause(wait, undefined, { signal: until });
      }
    } catch (error) {
      options.signal?.throwIfAborted();
      if (!until.aborted) throw error;
      last ??= { reply: { kind: "failed", why: `it did not answer within ${limit / 1000} s` } };
    } finally {
      clearTimeout(clock);
    }
    return refusalToStart(last.reply);
  }

  function faultOf(error: unknown, until: AbortSignal): Attempt {
    if (error instanceof KnownError) throw error;
    if (until.aborted) {
      if (!(until.reason instanceof TimeUp)) throw until.reason;
      return { reply: { kind: "failed", why: `it did not answer within ${limit / 1000} s` } };
    }
    return {
      reply: { kind: "failed", why: connectionFault(error) },
      ...(isPassing(error) ? { retryAfter: 0 } : {}),
    };
  }

  function refusalToStart(reply: ApiReply): ApiReply {
    if (reply.kind === "status" && reply.code === 401) {
      throw new KnownError(
        "cluster-unreadable",
        `the API server ${server.host} does not accept the login${access.context ? ` of context "${plain(access.context)}"` : ""} (401)`,
        "Log in again, or choose another context; kubectl auth whoami shows who you are.",
      );
    }
    if (reply.kind === "failed" && !answered) {
      throw new KnownError(
        "cluster-unreadable",
        `the API server ${server.host} cannot be read: ${reply.why}`,
        "Check that kubectl get pods works with the same context; --context and --kubeconfig choose another.",
      );
    }
    return reply;
  }

  async function open(path: string, wanted: AbortSignal | undefined) {
    const timer = new AbortController();
    const clock = setTimeout(() => timer.abort(new TimeUp()), limit);
    const until = wanted === undefined ? timer.signal : AbortSignal.any([wanted, timer.signal]);
    try {
      const response = await send(path, {}, until);
      if (response.statusCode === 200) return response;
      const { reply } = readReply(response, (await readBody(response, largestObject)) ?? Buffer.alloc(0));
      return reply.kind === "object" ? ({ kind: "failed", why: "it answered no watch" } as const) : reply;
    } catch (error) {
      const { reply } = faultOf(error, until);
      return reply.kind === "object" ? ({ kind: "failed", why: "the connection failed" } as const) : reply;
    } finally {
      clearTimeout(clock);
    }
  }

  return { get, open, close: () => agent.destroy() };
}

interface Attempt {
  readonly reply: ApiReply;
  /** Milliseconds to wait before the next try; undefined where another try makes no sense. */
  readonly retryAfter?: number;
}

function serverUrl(access: ClusterAccess): URL {
  const text = access.cluster.server;
  const url = URL.parse(text.includes("://") ? text : `http://${text}`);
  if (url === null || (url.protocol !== "https:" && url.protocol !== "http:")) {
    throw new KnownError("cluster-unreadable", "the kubeconfig's server address is no URL", "Check --server.");
  }
  return url;
}

async function makeAgent(access: ClusterAccess, settings: ClusterSettings, login: Login): Promise<http.Agent> {
  const tls = await tlsOptions(access);
  const options: https.AgentOptions = {
    ...tls,
    ...(login.certificate === undefined ? {} : { cert: login.certificate.certificate, key: login.certificate.key }),
  };
  if (access.cluster.proxyUrl) {
    const { agent } = await optionsFromClientNode(access);
    if (agent instanceof http.Agent) return agent;
  }
  const pool = { keepAlive: true, maxSockets: 8, scheduling: "lifo" } as const;
  const proxyEnv = proxyEnvironment(settings);
  if (access.cluster.server.startsWith("https:")) return new https.Agent({ ...pool, ...options, ...proxyEnv });
  return new http.Agent({ ...pool, ...proxyEnv });
}

/** kubectl goes through the proxy of the environment, except to loopback (net/http ProxyFromEnvironment). */
function proxyEnvironment({ environment }: ClusterSettings): { proxyEnv?: Record<string, string> } {
  const names = ["HTTPS_PROXY", "https_proxy", "HTTP_PROXY", "http_proxy", "NO_PROXY", "no_proxy"];
  const given = names.flatMap((name) => (environment[name] ? [[name, environment[name]] as const] : []));
  if (given.length === 0) return {};
  const proxyEnv: Record<string, string> = Object.fromEntries(given);
  const except = proxyEnv["no_proxy"] ?? proxyEnv["NO_PROXY"];
  proxyEnv["NO_PROXY"] = ["localhost", "127.0.0.1", "::1", ...(except === undefined ? [] : [except])].join(",");
  delete proxyEnv["no_proxy"];
  return { proxyEnv };
}

async function readBody(response: IncomingMessage, most: number): Promise<Buffer | undefined> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of response) {
    size += chunk.length;
    if (size > most) {
      response.destroy();
      return undefined;
    }
    chunks.push(chunk);
  }
  const body = chunks.length === 1 && chunks[0] !== undefined ? chunks[0] : Buffer.concat(chunks);
  if (response.headers["content-encoding"] !== "gzip") return body;
  const zlib = await import("node:zlib");
  return new Promise((resolve, reject) => {
    zlib.gunzip(body, { maxOutputLength: most }, (error, plainBody) => {
      if (error === null) resolve(plainBody);
      else if (member(error, "code") === "ERR_BUFFER_TOO_LARGE") resolve(undefined);
      else reject(error);
    });
  });
}

function readReply(response: IncomingMessage, body: Buffer): Attempt {
  const code = response.statusCode ?? 0;
  const json = parseJson(body);
  if (code === 200) {
    if (json !== undefined) return { reply: { kind: "object", body: json } };
    const type = /^[\w/.+-]{1,60}/.exec(response.headers["content-type"] ?? "")?.[0] ?? "no content type";
    return { reply: { kind: "failed", why: `its answer is no JSON (${type})` } };
  }
  const reply: ApiReply = {
    kind: "status",
    code,
    reason: textAt(json, ["reason"], 64) ?? "",
    message: textAt(json, ["message"], 512) ?? "",
  };
  if (code !== 429 && code < 500) return { reply };
  const seconds = Number(response.headers["retry-after"]);
  const asked = Number.isFinite(seconds) && seconds > 0 ? seconds * 1000 : 0;
  // client-go gives up on a server that asks for more patience than the request has; so does the time limit here.
  return { reply, retryAfter: asked };
}

function parseJson(body: Buffer): unknown {
  try {
    return JSON.parse(body.toString("utf8"));
  } catch {
    return undefined;
  }
}
