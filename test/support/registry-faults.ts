import type { IncomingMessage, ServerResponse } from "node:http";
import { gzipSync } from "node:zlib";
import { resetConnection } from "./registry-listener.ts";

/** Answers one request. Set headers with `setHeader`, not `writeHead`, so that a fault can replace them. */
export type Handler = (request: IncomingMessage, response: ServerResponse) => unknown;

/** One way for a server to misbehave; plain enough to stand in a JSON file. */
export type Fault =
  | {
      readonly kind: "status";
      readonly status: number;
      readonly body?: string | object;
      readonly headers?: Readonly<Record<string, string | readonly string[]>>;
    }
  | { readonly kind: "too-many-requests"; readonly retryAfter?: string; readonly body?: string | object }
  /** A web page where an answer of the API should be. */
  | { readonly kind: "html"; readonly status?: number }
  | { readonly kind: "slow-headers"; readonly milliseconds: number }
  /** Headers at once, then a byte now and then. */
  | { readonly kind: "slow-body"; readonly milliseconds: number }
  | { readonly kind: "endless-body" }
  /** Fewer bytes than Content-Length says, then the end. */
  | { readonly kind: "cut-body" }
  /** The connection is reset after this many bytes of the body. */
  | { readonly kind: "reset"; readonly afterBytes?: number }
  | { readonly kind: "gzip-bomb"; readonly megabytes?: number }
  | { readonly kind: "many-headers"; readonly count?: number }
  /** `loop` redirects to itself for ever. */
  | { readonly kind: "redirect"; readonly to: "loop" | (string & {}); readonly status?: number }
  /** The honest answer with some of its headers replaced (undefined: left out). */
  | { readonly kind: "headers"; readonly headers: Readonly<Record<string, string | undefined>> }
  | { readonly kind: "wrong-digest" }
  | { readonly kind: "wrong-content-type"; readonly contentType: string };

/** Which requests a fault hits; what is left out matches all. */
export interface FaultCondition {
  readonly method?: string;
  /** A part of the path, e.g. `/v2/shop/web/manifests/`. */
  readonly pathIncludes?: string;
  /** Only requests with, or without, an Authorization header. */
  readonly login?: "with" | "without";
  /** Only the first so many requests. */
  readonly times?: number;
}

const page = "<!DOCTYPE html><html><head><title>Sign in</title></head><body><h1>Sign in</h1></body></html>";

/** A handler that misbehaves where the condition holds and otherwise is `handler`. */
export function withFault(fault: Fault, condition: FaultCondition, handler: Handler): Handler {
  let hits = 0;
  return (request, response) => {
    const hit = matches(condition, request) && hits < (condition.times ?? Number.POSITIVE_INFINITY);
    if (!hit) return handler(request, response);
    hits += 1;
    return misbehave(fault, request, response, handler);
  };
}

function matches(condition: FaultCondition, request: IncomingMessage): boolean {
  const login = request.headers.authorization === undefined ? "without" : "with";
  return (
    (condition.method === undefined || condition.method === request.method) &&
    (condition.pathIncludes === undefined || (request.url ?? "").includes(condition.pathIncludes)) &&
    (condition.login === undefined || condition.login === login)
  );
}

async function misbehave(fault: Fault, request: IncomingMessage, response: ServerResponse, handler: Handler) {
  switch (fault.kind) {
    case "status":
      return answer(response, fault.status, fault.body ?? "", fault.headers);
    case "too-many-requests":
      return answer(
        response,
        429,
        fault.body ?? { errors: [{ code: "TOOMANYREQUESTS", message: "too many requests" }] },
        fault.retryAfter === undefined ? {} : { "retry-after": fault.retryAfter },
      );
    case "html":
      return answer(response, fault.status ?? 200, page, { "content-type": "text/html; charset=utf-8" });
    case "slow-headers":
      await pause(fault.milliseconds, response);
      return response.destroyed ? undefined : handler(request, response);
    case "slow-body":
    case "endless-body":
      return drip(response, fault.kind === "endless-body" ? 0 : fault.milliseconds);
    case "cut-body":
      response.writeHead(200, { "content-type": "application/json", "content-length": "1000" });
      response.write('{"schemaVersion": 2,');
      return void setTimeout(() => response.socket?.end(), 20);
    case "reset": {
      const bytes = fault.afterBytes ?? 0;
      if (bytes > 0) {
        response.writeHead(200, { "content-type": "application/json", "content-length": String(bytes + 1000) });
        response.write(" ".repeat(bytes));
      }
      return void setTimeout(() => response.socket && resetConnection(response.socket), 20);
    }
    case "gzip-bomb":
      response.writeHead(200, { "content-type": "application/json", "content-encoding": "gzip" });
      return void response.end(gzipSync(Buffer.alloc((fault.megabytes ?? 100) * 1_048_576, " ")));
    case "many-headers":
      for (let at = 0; at < (fault.count ?? 2000); at++) response.setHeader(`x-filler-${at}`, "x".repeat(100));
      return handler(request, response);
    case "redirect":
      return answer(response, fault.status ?? 307, "", {
        location: fault.to === "loop" ? (request.url ?? "/") : fault.to,
      });
    case "headers":
      return handler(request, overriding(response, fault.headers));
    case "wrong-digest":
      return handler(request, overriding(response, { "docker-content-digest": `sha256:${"0".repeat(64)}` }));
    case "wrong-content-type":
      return handler(request, overriding(response, { "content-type": fault.contentType }));
  }
}

/** Sends a whole answer: an object as JSON, a text as it is. HEAD answers stay without a body by Node's own doing. */
export function answer(
  response: ServerResponse,
  status: number,
  body: string | object = "",
  headers: Readonly<Record<string, string | readonly string[]>> = {},
): ServerResponse {
  const text = typeof body === "string" ? body : JSON.stringify(body);
  if (typeof body !== "string") response.setHeader("content-type", "application/json");
  for (const [name, value] of Object.entries(headers)) response.setHeader(name, value);
  response.statusCode = status;
  response.setHeader("content-length", Buffer.byteLength(text));
  return response.end(text);
}

function drip(response: ServerResponse, milliseconds: number): void {
  response.writeHead(200, { "content-type": "application/json" });
  const chunk = milliseconds > 0 ? " " : " ".repeat(65_536);
  const timer = setInterval(() => response.write(chunk), Math.max(milliseconds, 1));
  response.on("close", () => clearInterval(timer));
}

function pause(milliseconds: number, response: ServerResponse): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, milliseconds);
    response.on("close", () => {
      clearTimeout(timer);
      resolve();
    });
  });
}

/** The same response, but the named headers keep these values whatever the handler sets (undefined: it cannot set them). */
function overriding(response: ServerResponse, headers: Readonly<Record<string, string | undefined>>): ServerResponse {
  const setHeader = response.setHeader.bind(response);
  for (const [name, value] of Object.entries(headers)) if (value !== undefined) setHeader(name, value);
  response.setHeader = (name, value) => {
    if (!Object.hasOwn(headers, name.toLowerCase())) setHeader(name, value);
    return response;
  };
  return response;
}
