import { dialectOf } from "./dialect-of.ts";
import { hostFits } from "./host-pattern.ts";
import { registries } from "./index.ts";
import { specification } from "./specification.ts";

/** Object stores and delivery networks that a registry which anybody can run may keep its layers in; patterns as in `Dialect.hosts`. */
const rented: readonly string[] = [
  "storage.googleapis.com",
  "*.storage.googleapis.com",
  "*.blob.core.windows.net",
  "*.cloudfront.net",
  "*.r2.cloudflarestorage.com",
  "*.digitaloceanspaces.com",
];

/**
 * Whether a host, host[:port], is one that serves layers for registries: one that a dialect names, or an object store that anybody
 * can rent. A host that is itself a registry is none, though another registry may send to it (registry.k8s.io to pkg.dev).
 */
export function servesLayers(host: string): boolean {
  const name = host.replace(/:\d+$/, "").toLowerCase();
  if (dialectOf(name) !== specification) return false;
  const patterns = [...rented, ...registries.flatMap(({ blobHosts = [] }) => blobHosts)];
  return patterns.some((pattern) => hostFits(pattern, name)) || isS3(name);
}

/** `BUCKET.s3.REGION.amazonaws.com` in all its spellings, old and new; a bucket's name may have dots. */
function isS3(name: string): boolean {
  const isAmazon = name.endsWith(".amazonaws.com") || name.endsWith(".amazonaws.com.cn");
  return isAmazon && name.split(".").some((label) => label === "s3" || label.startsWith("s3-"));
}
