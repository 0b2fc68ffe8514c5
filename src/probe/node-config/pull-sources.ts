import type { Endpoint, RegistriesConf, RegistryEntry } from "./registries-conf.ts";

/** One place that CRI-O tries, in its order: the full reference, rewritten. */
export interface CrioSource {
  readonly reference: string;
  readonly insecure: boolean;
}

/**
 * How much of a reference a prefix covers, -1 for nothing: whole components, save that `example.com` covers `example.com:5000` too.
 * `*.example.com` covers any host below it. containers/image:pkg/sysregistriesv2/system_registries_v2.go refMatchingPrefix.
 */
export function matchPrefix(reference: string, prefix: string): number {
  const end = prefix.startsWith("*.")
    ? endOfSubdomain(reference, prefix.slice(1))
    : reference.startsWith(prefix)
      ? prefix.length
      : -1;
  if (end < 0 || end === reference.length) return end;
  return ":/@".includes(reference[end] ?? "") ? end : -1;
}

function endOfSubdomain(reference: string, suffix: string): number {
  const at = reference.indexOf(suffix);
  return at < 0 || reference.slice(0, at).includes("/") ? -1 : at + suffix.length;
}

/** The entry with the longest prefix that covers a reference. */
export function findRegistry(conf: RegistriesConf, reference: string): RegistryEntry | undefined {
  let best: RegistryEntry | undefined;
  for (const registry of conf.registries) {
    const longer = registry.prefix.length > (best?.prefix.length ?? 0);
    if (longer && matchPrefix(reference, registry.prefix) >= 0) best = registry;
  }
  return best;
}

/** A reference with what the prefix covers replaced by a location; undefined where the prefix does not cover it. */
export function rewrite(reference: string, prefix: string, location: string): string | undefined {
  const covered = matchPrefix(reference, prefix);
  if (covered < 0) return undefined;
  return location === "" ? reference : `${location}${reference.slice(covered)}`;
}

/**
 * Where CRI-O tries to pull a full reference (with tag or digest) from: mirrors in their order, then the registry.
 * `blocked` where the configuration forbids it.
 */
export function crioSources(
  conf: RegistriesConf,
  reference: string,
): { readonly sources: readonly CrioSource[] } | { readonly blocked: string } {
  const registry = findRegistry(conf, reference);
  if (registry === undefined) return { sources: [{ reference, insecure: false }] };
  if (registry.blocked) return { blocked: registry.prefix };
  const digested = reference.includes("@");
  const mirrors = registry.mirrors.filter((mirror) => serves(mirror, registry, digested));
  const sources = [...mirrors, registry.endpoint].flatMap(({ location, insecure }) => {
    const rewritten = rewrite(reference, registry.prefix, location);
    return rewritten === undefined ? [] : [{ reference: rewritten, insecure }];
  });
  return { sources };
}

function serves(mirror: Endpoint, registry: RegistryEntry, digested: boolean): boolean {
  if (registry.mirrorByDigestOnly) return digested;
  return mirror.pulls === "all" || (mirror.pulls === "digest-only") === digested;
}

/** What CRI-O makes of a name without a registry. */
export type ShortName =
  | { readonly kind: "qualified" }
  | { readonly kind: "alias" | "search"; readonly candidates: readonly string[] }
  /** More than one registry to search, and nobody to ask which: refused with `returns ambiguous list`. */
  | { readonly kind: "ambiguous"; readonly candidates: readonly string[] }
  /** No alias and no registry to search: refused with `did not resolve to an alias`. */
  | { readonly kind: "unresolved" }
  | { readonly kind: "refused"; readonly why: string };

/**
 * The full names that CRI-O tries for an image as the pod wrote it, with tag or digest (`latest` where neither is written).
 * An alias decides alone; otherwise every registry that is searched. `mode` is `short_name_mode` of crio.conf, `enforcing` unless
 * it says otherwise. cri-o internal/storage/image.go:1015-1044 over go.podman.io/image pkg/shortnames/shortnames.go.
 */
export function resolveShortName(image: string, conf: RegistriesConf, mode = "enforcing"): ShortName {
  if (image === "") return { kind: "refused", why: "the name is empty" };
  if (!["enforcing", "permissive", "disabled"].includes(mode)) {
    return { kind: "refused", why: "its short_name_mode is none that CRI-O knows" };
  }
  if (image.startsWith("[")) return { kind: "refused", why: "it takes no IPv6 address for a registry" };
  if (!isShort(image)) return { kind: "qualified" };
  const { name, selector } = splitName(image);
  const alias = conf.aliases.get(name);
  // An empty alias takes back one of a file before it.
  if (alias !== undefined && alias !== "") {
    return { kind: "alias", candidates: [`${normalised(alias)}${selector}`] };
  }
  if (conf.unqualifiedSearch.length === 0) return { kind: "unresolved" };
  // The kubelet takes a first part in upper case for a host; to CRI-O it is a path, and no path has such letters.
  if (/[A-Z]/.test(name))
    return { kind: "refused", why: "it takes all of it for a repository, which has no upper case" };
  const names = conf.unqualifiedSearch.map((registry) => normalised(`${registry}/${name}`));
  // Unlike the kubelet, CRI-O counts the host, too.
  if (names.some(({ length }) => length > 255)) return { kind: "refused", why: "with its registry it is too long" };
  const candidates = names.map((each) => `${each}${selector}`);
  return { kind: candidates.length > 1 && mode === "enforcing" ? "ambiguous" : "search", candidates };
}

/** `docker.io/nginx` → `docker.io/library/nginx`: Docker Hub's names in full. */
function normalised(name: string): string {
  const slash = name.indexOf("/");
  const [host, path] = [name.slice(0, slash), name.slice(slash + 1)];
  if (slash < 0 || (host !== "docker.io" && host !== "index.docker.io")) return name;
  return `docker.io/${path.includes("/") ? path : `library/${path}`}`;
}

/** No component before the first slash that is a host with a dot or a port, or localhost. An underscore makes it no host. */
function isShort(image: string): boolean {
  const slash = image.indexOf("/");
  const first = slash < 0 ? "" : image.slice(0, slash);
  const marked = first.includes(".") || first.includes(":") || first === "localhost";
  const [host = "", ...port] = first.split(":");
  const isHost = port.length <= 1 && port.every((digits) => /^[0-9]+$/.test(digits)) && host.split(".").every(isLabel);
  return !(marked && isHost);
}

function isLabel(label: string): boolean {
  return /^[a-zA-Z0-9-]+$/.test(label) && !label.startsWith("-") && !label.endsWith("-");
}

/** `nginx:1@sha256:…` → `nginx` and `@sha256:…`, `nginx` → `nginx` and `:latest`: CRI-O drops the tag where there is a digest. */
function splitName(image: string): { readonly name: string; readonly selector: string } {
  const at = image.indexOf("@");
  const before = at < 0 ? image : image.slice(0, at);
  const colon = before.indexOf(":", before.lastIndexOf("/") + 1);
  const tag = colon < 0 ? ":latest" : before.slice(colon);
  return { name: colon < 0 ? before : before.slice(0, colon), selector: at < 0 ? tag : image.slice(at) };
}
