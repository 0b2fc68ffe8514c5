import type { Readable } from "node:stream";

/** Header fields of a request; a list is sent as several lines. */
export type RequestHeaders = Readonly<Record<string, string | readonly string[]>>;

/** An answer whose head has come. */
export interface Response {
  readonly status: number;
  readonly header: (name: string) => string | undefined;
  readonly body: Readable;
  /** Once the body has ended: whether it came to its own end, and was not cut off. */
  readonly isWhole: () => boolean;
}

/** Sends GETs to one server. Rejects with the system's own errors; their codes are read in `connection-fault.ts`. */
export interface Transport {
  get(path: string, headers: RequestHeaders, signal: AbortSignal): Promise<Response>;
  close(): void;
}
