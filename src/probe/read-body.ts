import { gunzipSync } from "node:zlib";
import type { WireResponse } from "./dispatcher.ts";

/**
 * The body as it was before it was encoded for the way. `identity` is asked for, so anything but one layer of gzip is refused,
 * and gzip is opened no further than `limit` bytes. Undefined where it cannot be read within that.
 */
export function readBody(response: WireResponse, limit: number): Buffer | undefined {
  const encoding = (response.headers.get("content-encoding") ?? "identity").trim().toLowerCase();
  if (encoding === "identity" || encoding === "" || response.body.length === 0) return response.body;
  if ((encoding !== "gzip" && encoding !== "x-gzip") || response.cut) return undefined;
  try {
    return gunzipSync(response.body, { maxOutputLength: limit });
  } catch {
    return undefined;
  }
}
