import type { IncomingMessage, ServerResponse } from "node:http";
import type { ProberSettings } from "../../../src/probe/prober.ts";
import { issue, sharedAuthority } from "../../support/certificates.ts";
import { type Listener, listen } from "../../support/registry-listener.ts";
import { lookupIn } from "./asking.ts";

/** A request as an odd server saw it; `host` is the name it was asked under, without port. */
export interface Seen {
  readonly host: string;
  readonly method: string;
  readonly path: string;
  readonly headers: IncomingMessage["headers"];
  readonly body: string;
}

export interface Reply {
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string | readonly string[]>>;
  readonly body?: string | object;
}

export type Answers = (request: Seen, response: ServerResponse) => Reply | undefined | Promise<Reply | undefined>;

/** A server that answers under many names as a test says, and keeps what it was asked. */
export interface OddServer extends AsyncDisposable {
  readonly port: number;
  readonly seen: Seen[];
  /** `https://name:port`. */
  at(name: string): string;
  /** Settings that reach it under its names. */
  readonly settings: ProberSettings;
}

/** `undefined` from `answers` leaves the response to the test. */
export async function startOddServer(
  names: readonly string[],
  answers: Answers,
  options: { readonly scheme?: "https" | "http"; readonly address?: string } = {},
): Promise<OddServer> {
  const { scheme = "https", address = "127.0.0.1" } = options;
  const authority = await sharedAuthority();
  const certificate = await issue({ authority, names, ips: ["127.0.0.1"] });
  const seen: Seen[] = [];
  const listener: Listener = await listen(
    async (request: IncomingMessage, response: ServerResponse) => {
      const entry: Seen = {
        host: (request.headers.host ?? "").replace(/:\d+$/, ""),
        method: request.method ?? "",
        path: request.url ?? "",
        headers: request.headers,
        body: await textOf(request),
      };
      seen.push(entry);
      const reply = await answers(entry, response);
      if (reply === undefined) return;
      const { status = 200, headers = {}, body = "" } = reply;
      for (const [name, value] of Object.entries(headers)) response.setHeader(name, value);
      response.writeHead(status);
      response.end(entry.method === "HEAD" ? "" : typeof body === "string" ? body : JSON.stringify(body));
    },
    { scheme, certificate, address },
  );
  const settings: ProberSettings = {
    timeout: 4_000,
    userAgent: "kubectl-imagedoctor/test",
    ca: [authority.cert],
    lookup: lookupIn(new Map(names.map((name) => [name, address]))),
  };
  return {
    port: listener.port,
    seen,
    at: (name) => `${scheme}://${name}:${listener.port}`,
    settings,
    [Symbol.asyncDispose]: () => listener.close(),
  };
}

async function textOf(request: IncomingMessage): Promise<string> {
  let text = "";
  for await (const chunk of request) text += String(chunk);
  return text;
}

/** The least that passes for an image. */
export const smallImage: Reply = {
  headers: { "content-type": "application/vnd.oci.image.manifest.v1+json" },
  body: { schemaVersion: 2, mediaType: "application/vnd.oci.image.manifest.v1+json", config: {}, layers: [] },
};
