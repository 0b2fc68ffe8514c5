import type { Readable } from "node:stream";
import { setTimeout as pause } from "node:timers/promises";
import { KnownError } from "../domain/known-error.ts";
import { endOfLogin, logIn } from "./api-login.ts";
import { type ClusterSettings, defaultRequestTimeout } from "./cluster-settings.ts";
import { connectionFault, isPassing } from "./connection-fault.ts";
import { member, textAt } from "./json-values.ts";
import type { ClusterAccess } from "./kubeconfig.ts";
import { openTransport } from "./open-transport.ts";
import { plain } from "./plain-name.ts";
import type { Response } from "./transport.ts";

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
  open(path: string, signal: AbortSignal | undefined): Promise<Response | Exclude<ApiReply, { kind: "object" }>>;
  close(): void;
}

const largestObject = 8 * 1024 * 1024;
const mostAttempts = 4;
const longestPause = 10_000;

/** Ends a time limit's own abort apart from the caller's. */
class TimeUp extends Error {}

/**
 * GETs from an API server. Nothing but GET is ever sent.
 * Retries as client-go does: on 429 and 5xx with the wait the server asks for (bounded), on a reset connection; and once
 * with a fresh login on 401. The time limit holds for a request with all its retries.
 * Until something has answered, a failing connection is a KnownError, and until something was granted, a 401 or a failing
 * login is one; later they are values.
 */
export async function openApiClient(
  access: ClusterAccess,
  settings: ClusterSettings,
  signal?: AbortSignal,
): Promise<ApiClient> {
  const server = serverUrl(access);
  const limit = settings.requestTimeout ?? defaultRequestTimeout;
  const base = server.pathname.replace(/\/$/, "");
  let login = await logIn(access, settings, signal);
  let transport = await openTransport(access, settings, login, server, limit);
  let answered = false;
  /** Something was read, or refused to somebody who is known: a login that is refused afterwards leaves what was read. */
  let admitted = false;
  let renewal: Promise<void> | undefined;

  /** One new login for all requests that were refused at the same time. */
  function renew(): Promise<void> {
    renewal ??= (async () => {
      const renewed = await logIn(access, settings, signal);
      if (renewed.certificate !== undefined) {
        transport.close();
        transport = await openTransport(access, settings, renewed, server, limit);
      }
      login = renewed;
    })().finally(() => {
      renewal = undefined;
    });
    return renewal;
  }

  async function send(path: string, options: GetOptions, until: AbortSignal): Promise<Response> {
    if (login.expiresAt !== undefined && login.expiresAt <= Date.now()) await renew();
    const headers = {
      accept: options.accept ?? "application/json",
      "user-agent": "kubectl-imagedoctor",
      ...(options.compressed === true ? { "accept-encoding": "gzip" } : {}),
      ...login.headers,
    };
    return transport.get(`${base}${path}`, headers, until);
  }

  async function attempt(path: string, options: GetOptions, until: AbortSignal): Promise<Attempt> {
    const response = await send(path, options, until);
    answered = true;
    const body = await readBody(response, options.mostBytes ?? largestObject);
    if (body === undefined) return { reply: { kind: "failed", why: "its answer was too large" } };
    const read = readReply(response, body);
    admitted ||= read.reply.kind === "object" || (read.reply.kind === "status" && [403, 404].includes(read.reply.code));
    return read;
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
          if (!(await canRenew())) break;
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

  /** False where the login ended in the middle of the run and there is no other. */
  async function canRenew(): Promise<boolean> {
    try {
      await renew();
      return true;
    } catch (error) {
      if (admitted && error instanceof KnownError) return false;
      throw error;
    }
  }

  function faultOf(error: unknown, until: AbortSignal): Attempt {
    if (error instanceof KnownError && admitted) return { reply: { kind: "failed", why: error.message } };
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

  async function refusalToStart(reply: ApiReply): Promise<ApiReply> {
    if (reply.kind === "status" && reply.code === 401 && !admitted) {
      const why = await endOfLogin(access, login).catch(() => undefined);
      throw new KnownError(
        "cluster-unreadable",
        `the API server ${server.host} does not accept the login${access.context ? ` of context "${plain(access.context)}"` : ""} (401)${why === undefined ? "" : `: ${why}`}`,
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
      if (response.status === 200) return response;
      const { reply } = readReply(response, (await readBody(response, largestObject)) ?? Buffer.alloc(0));
      return reply.kind === "object" ? ({ kind: "failed", why: "it answered no watch" } as const) : reply;
    } catch (error) {
      const { reply } = faultOf(error, until);
      return reply.kind === "object" ? ({ kind: "failed", why: "the connection failed" } as const) : reply;
    } finally {
      clearTimeout(clock);
    }
  }

  return { get, open, close: () => transport.close() };
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

/** Undefined where there are more bytes. By events, for iterating costs more than the rest of a small answer. */
function chunksOf(body: Readable, most: number): Promise<readonly Buffer[] | undefined> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let size = 0;
    body.on("data", (chunk: Buffer) => {
      size += chunk.length;
      if (size <= most) chunks.push(chunk);
      else {
        resolve(undefined);
        body.destroy();
      }
    });
    body.once("error", reject);
    // Only then it is known whether what has ended was whole.
    body.once("close", () => resolve(chunks));
  });
}

async function readBody(response: Response, most: number): Promise<Buffer | undefined> {
  const chunks = await chunksOf(response.body, most);
  if (chunks === undefined) return undefined;
  if (!response.body.readableEnded || !response.isWhole())
    throw Object.assign(new Error("the answer was cut off"), { code: "ECONNRESET" });
  const body = chunks.length === 1 && chunks[0] !== undefined ? chunks[0] : Buffer.concat(chunks);
  if (response.header("content-encoding") !== "gzip") return body;
  const zlib = await import("node:zlib");
  return new Promise((resolve, reject) => {
    zlib.gunzip(body, { maxOutputLength: most }, (error, plainBody) => {
      if (error === null) resolve(plainBody);
      else if (member(error, "code") === "ERR_BUFFER_TOO_LARGE") resolve(undefined);
      else reject(error);
    });
  });
}

function readReply(response: Response, body: Buffer): Attempt {
  const code = response.status;
  const json = parseJson(body);
  if (code === 200) {
    if (json !== undefined) return { reply: { kind: "object", body: json } };
    const type = /^[\w/.+-]{1,60}/.exec(response.header("content-type") ?? "")?.[0] ?? "no content type";
    return { reply: { kind: "failed", why: `its answer is no JSON (${type})` } };
  }
  const reply: ApiReply = {
    kind: "status",
    code,
    reason: textAt(json, ["reason"], 64) ?? "",
    message: textAt(json, ["message"], 512) ?? "",
  };
  if (code !== 429 && code < 500) return { reply };
  const seconds = Number(response.header("retry-after"));
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
