import type { IncomingMessage, ServerResponse } from "node:http";
import type { Http2ServerRequest, Http2ServerResponse } from "node:http2";
import { setTimeout as pause } from "node:timers/promises";

/** One request, understood. */
export interface ApiRequest {
  readonly method: string;
  readonly path: string;
  readonly query: URLSearchParams;
  readonly verb: "get" | "list" | "watch" | "other";
  readonly resource: string;
  readonly namespace?: string;
  readonly name?: string;
  readonly accept: string;
}

/** The server speaks HTTP/2 and HTTP/1.1; Node's compatibility API is the same for both. */
export type Incoming = IncomingMessage | Http2ServerRequest;
export type Outgoing = ServerResponse | Http2ServerResponse;

/** Sends the head, or a piece of the body, at once. */
export function push(response: Outgoing, text = ""): void {
  if (!response.headersSent) {
    if ("flushHeaders" in response) response.flushHeaders();
    else response.writeHead(response.statusCode);
  }
  if (text === "") return;
  if ("stream" in response) response.write(text);
  else response.write(text);
}

/** A wrapper around the server: it may wait, answer in its place, or cut the connection. */
export type ApiFault = (request: ApiRequest, response: Outgoing, next: () => Promise<void>) => Promise<void>;

/** Which requests a fault or a refusal is about; what is left out matches everything. */
export interface RequestMatch {
  readonly verb?: ApiRequest["verb"];
  readonly resource?: string;
  readonly namespace?: string;
  readonly name?: string;
  /** Only the first so many matching requests. */
  readonly times?: number;
}

/** True while the match holds; counts where `times` is set. */
export function matching(match: RequestMatch): (request: ApiRequest) => boolean {
  let left = match.times ?? Number.POSITIVE_INFINITY;
  return (request) => {
    const fits = (["verb", "resource", "namespace", "name"] as const).every(
      (key) => match[key] === undefined || match[key] === request[key],
    );
    if (!fits || left <= 0) return false;
    left--;
    return true;
  };
}

/** Answers after so many milliseconds. */
export function slow(milliseconds: number, match: RequestMatch = {}): ApiFault {
  const matches = matching(match);
  return async (request, _response, next) => {
    if (matches(request)) await pause(milliseconds, undefined, { ref: false });
    await next();
  };
}

/** Resets the connection without an answer. */
export function cut(match: RequestMatch = {}): ApiFault {
  const matches = matching(match);
  return async (request, response, next) => {
    if (matches(request)) response.socket?.destroy();
    else await next();
  };
}

/** Never answers. */
export function hang(match: RequestMatch = {}): ApiFault {
  const matches = matching(match);
  return async (request, _response, next) => {
    if (!matches(request)) await next();
  };
}

/** Sends this answer in the place of the server's own. */
export function answer(
  status: number,
  options: { body?: string; contentType?: string; headers?: Readonly<Record<string, string>> } = {},
  match: RequestMatch = {},
): ApiFault {
  const matches = matching(match);
  return async (request, response, next) => {
    if (!matches(request)) {
      await next();
      return;
    }
    const body = options.body ?? JSON.stringify(statusObject(status, "Fault", "made by a test"));
    response.statusCode = status;
    response.setHeader("content-type", options.contentType ?? "application/json");
    for (const [name, value] of Object.entries(options.headers ?? {})) response.setHeader(name, value);
    response.end(body);
  };
}

/** A Status object, as the API server sends with every refusal. */
export function statusObject(code: number, reason: string, message: string): Record<string, unknown> {
  return { kind: "Status", apiVersion: "v1", metadata: {}, status: "Failure", message, reason, code };
}
