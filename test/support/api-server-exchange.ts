import { gzipSync } from "node:zlib";
import { type Incoming, type Outgoing, statusObject } from "./api-server-faults.ts";

/** One request being answered. */
export class Exchange {
  readonly response: Outgoing;
  readonly user: string;
  readonly note: (status: number, bytes: number) => void;
  readonly #compressed: boolean;

  constructor(incoming: Incoming, response: Outgoing, user: string, note: (status: number, bytes: number) => void) {
    this.response = response;
    this.user = user;
    this.note = note;
    this.#compressed = String(incoming.headers["accept-encoding"] ?? "").includes("gzip");
  }

  /** Undefined: the answer is being streamed. */
  send(reply: Reply): void {
    if (reply === undefined) return;
    // The API server compresses from 128 KiB up, at level 1 (k8s.io/apiserver writers.go, defaultGzipThresholdBytes).
    const bytes = typeof reply.body === "string" ? Buffer.from(reply.body) : reply.body;
    const packed = this.#compressed && bytes.length > 128 * 1024 ? gzipSync(bytes, { level: 1 }) : undefined;
    const sent = packed ?? bytes;
    this.note(reply.status, sent.length);
    this.response.statusCode = reply.status;
    this.response.setHeader("content-type", "application/json");
    this.response.setHeader("content-length", sent.length);
    if (packed !== undefined) this.response.setHeader("content-encoding", "gzip");
    this.response.end(sent);
  }
}

export type Reply = { readonly status: number; readonly body: Buffer | string } | undefined;

export function ok(body: Buffer | string): Reply {
  return { status: 200, body };
}

export function refusal(code: number, reason: string, message: string): Reply {
  return { status: code, body: JSON.stringify(statusObject(code, reason, message)) };
}
