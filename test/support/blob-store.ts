import type { ServerResponse } from "node:http";
import type { KeyPair } from "./certificates.ts";
import { answer, type Fault, type FaultCondition, type Handler, withFault } from "./registry-faults.ts";
import type { Content } from "./registry-images.ts";
import { RequestLedger } from "./registry-ledger.ts";
import { type Listener, listen } from "./registry-listener.ts";

export interface BlobStoreOptions {
  readonly scheme?: "https" | "http";
  readonly certificate?: KeyPair;
  readonly address?: string;
  readonly port?: number;
  readonly ledger?: RequestLedger;
  readonly faults?: readonly (FaultCondition & { readonly fault: Fault })[];
}

/** Where a registry sends those who want a blob: another origin, opened by a signature in the query, as S3 and CDNs do. */
export interface BlobStore extends Listener {
  readonly ledger: RequestLedger;
  /** Keeps a blob; the registry calls it. */
  put(content: Content): void;
  /** The signed address of a blob under a host name. */
  locationOf(host: string, digest: string): string;
}

const signature = "X-Amz-Signature=4f1c0ffee";

/** Starts a blob store. It answers 400 to a request that carries an Authorization header beside the signature, as S3 does. */
export async function startBlobStore(options: BlobStoreOptions = {}): Promise<BlobStore> {
  const { ledger = new RequestLedger(), scheme = "https" } = options;
  const blobs = new Map<string, Content>();
  let handler: Handler = (request, response) => {
    const entry = ledger.note(request, `${scheme}://${request.headers.host ?? ""}`);
    response.on("finish", () => {
      entry.status = response.statusCode;
    });
    const url = new URL(request.url ?? "/", "http://blob.invalid");
    const blob = blobs.get(url.pathname.slice("/blobs/".length));
    if (request.headers.authorization !== undefined) {
      return answer(response, 400, "<Error><Code>InvalidArgument</Code></Error>", {
        "content-type": "application/xml",
      });
    }
    if (blob === undefined || url.search !== `?${signature}`) {
      ledger.unexpected.push(
        `The blob store at ${entry.origin} was asked ${request.method} ${request.url}, which no registry redirects to.`,
      );
      return answer(response, 403, "<Error><Code>AccessDenied</Code></Error>", { "content-type": "application/xml" });
    }
    return sendBlob(request.headers.range, response, blob);
  };
  for (const { fault, ...condition } of options.faults ?? []) handler = withFault(fault, condition, handler);
  const listener = await listen(handler, {
    scheme,
    certificate: options.certificate,
    address: options.address,
    port: options.port,
  });
  return {
    ...listener,
    ledger,
    put: (content) => void blobs.set(content.digest, content),
    locationOf: (host, digest) => `${scheme}://${host}:${listener.port}/blobs/${digest}?${signature}`,
  };
}

/** Sends a blob, or the first bytes of it that `Range: bytes=0-N` asks for. */
export function sendBlob(range: string | undefined, response: ServerResponse, blob: Content): ServerResponse {
  const last = /^bytes=0-(\d+)$/.exec(range ?? "")?.[1];
  const bytes = last === undefined ? blob.bytes : blob.bytes.subarray(0, Number(last) + 1);
  response.statusCode = last === undefined ? 200 : 206;
  response.setHeader("content-type", "application/octet-stream");
  response.setHeader("content-length", bytes.length);
  if (last !== undefined) response.setHeader("content-range", `bytes 0-${bytes.length - 1}/${blob.bytes.length}`);
  return response.end(bytes);
}
