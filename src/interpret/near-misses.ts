import type { Credential, NearMiss } from "../domain/credential.ts";
import { type ImageReference, lookupName } from "../domain/image-reference.ts";
import { editDistance } from "../knowledge/edit-distance.ts";
import { matchLabel } from "./match-label.ts";
import { normaliseKey, parseSchemeless, splitHost } from "./registry-key.ts";

/** Near misses that are kept. */
const most = 10;
const longestKey = 200;

/** Names under which people write Docker Hub; only `https://index.docker.io/v1/` and its like, and `docker.io`, are matched. */
const hubNames: ReadonlySet<string> = new Set([
  "docker.io",
  "index.docker.io",
  "registry-1.docker.io",
  "registry.docker.io",
  "auth.docker.io",
  "www.docker.io",
  "hub.docker.io",
  "docker.com",
  "www.docker.com",
  "hub.docker.com",
  "index.docker.com",
  "registry.docker.com",
  "registry.hub.docker.com",
  "cloud.docker.com",
  "app.docker.com",
  "dockerhub",
  "dockerhub.io",
  "dockerhub.com",
]);
const hubKey = "https://index.docker.io/v1/";

/**
 * Entries that were meant for the image's registry and do not match it, each with what differs and the key that would match.
 * Only for images that no entry matches. Compares names, never logins; linear in the number of entries.
 */
export function nearMisses(reference: ImageReference, credentials: readonly Credential[]): readonly NearMiss[] {
  const misses: NearMiss[] = [];
  const image = imageOf(reference);
  for (const { source } of credentials) {
    if (misses.length >= most) break;
    if (source.kind !== "pull-secret") continue;
    const found = differs(source.key, image);
    if (found === undefined) continue;
    const { namespace, secret } = source;
    misses.push({ namespace, secret, key: source.key.slice(0, longestKey), ...found });
  }
  return misses;
}

interface Host {
  /** As written, without scheme, port and path. */
  readonly labels: readonly string[];
  readonly port: string;
}

interface Image extends Host {
  readonly registry: string;
  readonly path: string;
}

function imageOf(reference: ImageReference): Image {
  const path = lookupName(reference).slice(reference.registry.length);
  return { registry: reference.registry, path, ...splitHost(reference.registry) };
}

function differs(key: string, image: Image): Pick<NearMiss, "differs" | "wanted"> | undefined {
  const scheme = /^([A-Za-z][A-Za-z0-9+.-]{0,20}):\/\//.exec(key.trim())?.[0];
  const bare = key
    .trim()
    .slice(scheme?.length ?? 0)
    .replace(/^\/+/, "");
  const slash = bare.search(/[/?#]/);
  const written = slash === -1 ? bare : bare.slice(0, slash);
  const host = splitHost(written);
  const wanted = image.registry;

  const lower = host.labels.map((label) => label.toLowerCase());
  const hubName = lower.join(".");
  if (image.registry === "docker.io" && (hubNames.has(hubName) || isMisspeltHub(hubName))) {
    const otherPath =
      hubName === "docker.io" && host.port === "" && normaliseKey(key)?.startsWith("docker.io/") === true;
    return otherPath ? { differs: "path", wanted: hubKey } : { differs: "docker-hub-name", wanted: hubKey };
  }
  if (labelsMatch(host.labels, image.labels)) {
    if (host.port !== image.port) return { differs: "port", wanted };
    // Host and port are right, so it is what stands before or after them.
    if (scheme !== undefined && scheme !== "https://" && scheme !== "http://") return { differs: "scheme", wanted };
    if (key !== key.trim() || parseSchemeless(normaliseKey(key) ?? " ") === undefined) {
      return { differs: "spelling", wanted };
    }
    return { differs: "path", wanted };
  }
  if (host.port !== image.port && host.port !== "" && image.port !== "") return undefined;
  if (
    labelsMatch(
      lower,
      image.labels.map((label) => label.toLowerCase()),
    )
  )
    return { differs: "host-case", wanted };
  if (isInside(lower, image.labels)) return { differs: "sub-domain", wanted };
  return isMisspelt(lower, image.labels) ? { differs: "spelling", wanted } : undefined;
}

function labelsMatch(pattern: readonly string[], labels: readonly string[]): boolean {
  return pattern.length === labels.length && pattern.every((label, at) => matchLabel(label, labels[at] ?? ""));
}

/** One is the other's parent domain, at least two labels deep; a leading `*` stands for one label only, which people forget. */
function isInside(key: readonly string[], image: readonly string[]): boolean {
  const [stem, own] = [key[0] === "*" ? key.slice(1) : key, image];
  const [short, long] = stem.length <= own.length ? [stem, own] : [own, stem];
  if (short.length < 2 || (short.length === long.length && key[0] !== "*")) return false;
  const tail = long.slice(long.length - short.length);
  return short.every((label, at) => label === tail[at]) && !sharedParents.has(short.join("."));
}

/** Parents under which strangers have their registries side by side: an entry for one is not meant for another. */
const sharedParents: ReadonlySet<string> = new Set([
  "azurecr.io",
  "amazonaws.com",
  "pkg.dev",
  "aliyuncs.com",
  "co.uk",
  "com.cn",
]);

/** One label differs by a slip, or a dot was lost. Short labels must nearly agree, so that `a.azurecr.io` is no slip for `b.azurecr.io`. */
function isMisspelt(key: readonly string[], image: readonly string[]): boolean {
  if (key.length !== image.length) {
    const [a, b] = [key.join(""), image.join("")];
    return Math.abs(key.length - image.length) === 1 && a.length > 5 && a === b;
  }
  const different = key.flatMap((label, at) => (label === image[at] ? [] : [[label, image[at] ?? ""] as const]));
  const [first] = different;
  if (different.length !== 1 || first === undefined) return false;
  const [a, b] = first;
  if (isSwap(a, b)) return true;
  const length = Math.min(a.length, b.length);
  const allowed = length >= 8 ? 2 : length >= 4 ? 1 : 0;
  // Numbers that differ are other numbers: accounts, regions' indexes aside, are not spelled.
  if (/^[0-9]+$/.test(a) && /^[0-9]+$/.test(b)) return false;
  return allowed > 0 && editDistance(a, b, allowed) !== undefined;
}

function isSwap(a: string, b: string): boolean {
  return (
    a.length === b.length &&
    a.length > 1 &&
    [...a].sort().join("") === [...b].sort().join("") &&
    editDistance(a, b, 1) === 1
  );
}

function isMisspeltHub(name: string): boolean {
  return ["docker.io", "index.docker.io"].some((hub) => isMisspelt(name.split("."), hub.split(".")));
}
