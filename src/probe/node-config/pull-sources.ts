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
  | { readonly kind: "unresolved" };

/**
 * The full names that CRI-O tries for an image as the pod wrote it. An alias decides alone; otherwise every registry that is searched.
 * `mode` is `short_name_mode` of crio.conf, `enforcing` unless it says otherwise.
 */
export function resolveShortName(
  image: string,
  conf: RegistriesConf,
  mode: "enforcing" | "disabled" = "enforcing",
): ShortName {
  if (!isShort(image)) return { kind: "qualified" };
  const { name, rest } = splitName(image);
  const alias = conf.aliases.get(name);
  if (alias !== undefined) return { kind: "alias", candidates: [`${alias}${rest}`] };
  const candidates = conf.unqualifiedSearch.map(
    (host) => `${host}/${host === "docker.io" && !name.includes("/") ? "library/" : ""}${image}`,
  );
  if (candidates.length === 0) return { kind: "unresolved" };
  return { kind: candidates.length > 1 && mode === "enforcing" ? "ambiguous" : "search", candidates };
}

/** No component before the first slash that has a dot or a port, or is localhost. */
function isShort(image: string): boolean {
  const slash = image.indexOf("/");
  const first = slash < 0 ? "" : image.slice(0, slash);
  return slash < 0 || !(first.includes(".") || first.includes(":") || first === "localhost");
}

/** `nginx:1@sha256:…` → `nginx` and `:1@sha256:…`. */
function splitName(image: string): { readonly name: string; readonly rest: string } {
  const at = image.indexOf("@");
  const before = at < 0 ? image : image.slice(0, at);
  const colon = before.indexOf(":", before.lastIndexOf("/") + 1);
  const end = colon < 0 ? before.length : colon;
  return { name: image.slice(0, end), rest: image.slice(end) };
}
