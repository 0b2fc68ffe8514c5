import { Redacted } from "../../domain/redacted.ts";

/** A login found in a node's auth file. */
export interface CrioLogin {
  /** The key under `auths` that was used, as written. */
  readonly matchedKey: string;
  readonly username: string;
  readonly password: Redacted;
  readonly identityToken?: Redacted;
}

/** An auth file: keys in their order; `legacy` is the flat `.dockercfg`. */
export interface AuthFile {
  readonly auths: ReadonlyMap<string, unknown>;
  readonly legacy: boolean;
}

const longestFile = 1_048_576;

/** Reads an auth file (`auth.json`, `config.json`, `.dockercfg`). The error names no content. */
export function parseAuthFile(text: string, legacy = false): AuthFile | { readonly error: string } {
  if (text.length > longestFile) return { error: "the file is too large" };
  let parsed: unknown;
  try {
    parsed = JSON.parse(text);
  } catch {
    return { error: "the file is not JSON" };
  }
  if (!isRecord(parsed)) return { error: "the file is not a JSON object" };
  const auths = legacy ? parsed : Object.hasOwn(parsed, "auths") ? parsed["auths"] : {};
  return isRecord(auths) ? { auths: new Map(Object.entries(auths)), legacy } : { error: "auths is not an object" };
}

/**
 * Keys that are looked for, in order: the repository, each of its parents, the host. A legacy file knows hosts alone.
 * containers/image:pkg/docker/config/config.go authKeyLookupOrder.
 */
export function authKeys(key: string, legacy: boolean): readonly string[] {
  const keys = [key];
  for (let at = key.lastIndexOf("/"); at >= 0; at = key.lastIndexOf("/", at - 1)) {
    keys.push(key.slice(0, at));
    if (at === 0) break;
  }
  return legacy ? keys.slice(-1) : keys;
}

/**
 * The login CRI-O finds for a host or repository; undefined where there is none, an error where the entry cannot be read
 * (then the pull fails). Whole components, no wildcards; keys written as URLs count for their host.
 */
export function findAuth(file: AuthFile, key: string): CrioLogin | undefined | { readonly error: string } {
  const exact = authKeys(key, file.legacy).find((each) => file.auths.has(each));
  if (exact !== undefined) return decode(exact, file.auths.get(exact));
  const host = canonicalHost(key.split("/", 1)[0] ?? "");
  for (const [written, value] of file.auths) {
    if (hostOfKey(written, file.legacy) === host) return decode(written, value);
  }
  return undefined;
}

function hostOfKey(key: string, legacy: boolean): string {
  const stripped = key.replace(/^http:\/\//, "").replace(/^https:\/\//, "");
  return canonicalHost(legacy || stripped !== key ? (stripped.split("/", 1)[0] ?? "") : stripped);
}

function canonicalHost(host: string): string {
  return host === "docker.io" || host === "registry-1.docker.io" ? "index.docker.io" : host;
}

function decode(matchedKey: string, value: unknown): CrioLogin | { readonly error: string } {
  const written = isRecord(value) && Object.hasOwn(value, "auth") ? value["auth"] : "";
  const token = isRecord(value) && Object.hasOwn(value, "identitytoken") ? value["identitytoken"] : "";
  if (typeof written !== "string" || typeof token !== "string")
    return { error: `the entry "${matchedKey}" is not text` };
  const plain = written.replace(/[\r\n]/g, "");
  if (plain.length % 4 !== 0 || !/^[A-Za-z0-9+/]*={0,2}$/.test(plain))
    return { error: `auth of "${matchedKey}" is not base64` };
  const decoded = Buffer.from(plain, "base64").toString("utf8");
  const colon = decoded.indexOf(":");
  if (colon < 0) return { matchedKey, username: "", password: new Redacted("") };
  return {
    matchedKey,
    username: decoded.slice(0, colon),
    password: new Redacted(withoutNul(decoded.slice(colon + 1))),
    ...(token === "" ? {} : { identityToken: new Redacted(token) }),
  };
}

/** NUL characters at both ends are left out. */
function withoutNul(text: string): string {
  let start = 0;
  let end = text.length;
  while (start < end && text[start] === "\u0000") start += 1;
  while (end > start && text[end - 1] === "\u0000") end -= 1;
  return text.slice(start, end);
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
