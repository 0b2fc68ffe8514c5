import type { SecretFault } from "../domain/credential.ts";
import { shownKey } from "./decode-docker-config.ts";
import { normaliseKey, parseSchemeless, splitHost, withoutScheme } from "./registry-key.ts";

/** A key that no image name can match, whatever the image: the kubelet drops it, or it names no host. */
export function keyFault(key: string): SecretFault | undefined {
  const why = reason(key);
  if (why === undefined) return undefined;
  const text = `No image matches this key: ${why}.`;
  return { code: "key-never-matches", effect: "ignored", where: `the key ${shownKey(key)}`, text };
}

function reason(key: string): string | undefined {
  if (key === "") return "it is empty";
  if (/^\s|\s$/.test(key)) return "it has white space around it";
  const scheme = /^([A-Za-z][A-Za-z0-9+.-]{0,20}):\/\//.exec(key)?.[1];
  if (scheme !== undefined && scheme !== "https" && scheme !== "http") {
    return /^https?$/i.test(scheme)
      ? "its scheme is in upper case, which the kubelet does not take for one"
      : "its scheme is neither https:// nor http://";
  }
  const normal = normaliseKey(key);
  if (normal === undefined) {
    const bare = withoutScheme(key).split("/", 1)[0] ?? "";
    if (/\s/.test(key)) return "it has white space in it";
    if (/:[^/]*[^0-9/]/.test(bare) && !bare.startsWith("[")) return "its port is not a number";
    return "it is not a host with an optional path";
  }
  const parsed = parseSchemeless(normal);
  if (parsed === undefined) return "it is not a host with an optional path";
  if (parsed.host === "") return "it has no host";
  if (/^\[[0-9A-Fa-f:]+\]$/.test(parsed.host)) {
    return "an IPv6 address without a port never matches, since the kubelet takes its brackets for a pattern";
  }
  if (parsed.path.includes("*")) return "a * in the path is no pattern, and no repository has one";
  if (splitHost(parsed.host).labels.includes("")) return "its host has an empty part between dots";
  if (parsed.path.startsWith("//")) return "its path starts with two slashes";
  if (/[A-Z]/.test(parsed.path)) return "its path has upper-case letters, and no repository has any";
  if (/[:@]/.test(parsed.path)) return "its path has a tag or a digest, and logins are looked up without either";
  if (/[^a-z0-9._/-]/.test(parsed.path)) return "its path has characters that no repository has";
  return parsed.host === "index.docker.io" && parsed.path !== ""
    ? "Docker Hub images fall back to index.docker.io alone, and this has a path (/v1 without its last slash is one)"
    : undefined;
}
