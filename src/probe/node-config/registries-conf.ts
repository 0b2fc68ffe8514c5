import { entry, parseToml, type Table, tableAt, tables, texts } from "./toml-table.ts";

/** One place that CRI-O may pull from. */
export interface Endpoint {
  /** Host and path that take the prefix's place; empty where the reference stays as it is. */
  readonly location: string;
  readonly insecure: boolean;
  readonly pulls: "all" | "digest-only" | "tag-only";
}

export interface RegistryEntry {
  readonly prefix: string;
  readonly endpoint: Endpoint;
  readonly mirrors: readonly Endpoint[];
  readonly mirrorByDigestOnly: boolean;
  readonly blocked: boolean;
}

/** A registries.conf, version 1 or 2. */
export interface RegistriesConf {
  readonly registries: readonly RegistryEntry[];
  readonly unqualifiedSearch: readonly string[];
  /** The file has a list to search, be it an empty one. */
  readonly namesSearch?: true;
  /** An empty value takes away an alias of an earlier file. */
  readonly aliases: ReadonlyMap<string, string>;
}

/** Registries of one file that are looked at. */
const mostRegistries = 1_000;

class Unreadable extends Error {}

/**
 * Reads a registries.conf. Where it has an error CRI-O does not use it at all, so the error is all there is.
 * containers/image:pkg/sysregistriesv2/system_registries_v2.go.
 */
export function parseRegistriesConf(text: string): RegistriesConf | { readonly error: string } {
  const read = parseToml(text);
  if ("error" in read) return read;
  try {
    return readConf(read.table);
  } catch (error) {
    if (error instanceof Unreadable) return { error: error.message };
    throw error;
  }
}

/** A location or prefix without the slashes at its end; undefined where it has a scheme. */
export function parseLocation(written: string): string | undefined {
  let end = written.length;
  while (end > 0 && written[end - 1] === "/") end -= 1;
  const plain = written.slice(0, end);
  return plain.startsWith("http://") || plain.startsWith("https://") ? undefined : plain;
}

function readConf(table: Table): RegistriesConf {
  const old = readVersion1(table);
  const search = texts(entry(table, "unqualified-search-registries") ?? []);
  if (search === undefined) throw new Unreadable("unqualified-search-registries is not a list of texts");
  const written = tables(entry(table, "registry")).slice(0, mostRegistries);
  if (old !== undefined && (written.length > 0 || search.length > 0)) {
    throw new Unreadable("mixing sysregistry v1/v2 is not supported");
  }
  const aliases = new Map<string, string>();
  for (const [name, value] of Object.entries(tableAt(table, "aliases") ?? {}).slice(0, 10_000)) {
    if (typeof value === "string") aliases.set(name, value);
  }
  const namesSearch =
    entry(table, "unqualified-search-registries") === undefined ? {} : ({ namesSearch: true } as const);
  return (
    old ?? { registries: written.map(readRegistry), unqualifiedSearch: search.map(location), aliases, ...namesSearch }
  );
}

function readRegistry(table: Table): RegistryEntry {
  const place = location(text(table, "location"));
  const prefix = location(text(table, "prefix")) || place;
  if (prefix === "") throw new Unreadable("invalid condition: both location and prefix are unset");
  if (prefix.startsWith("*") && !prefix.startsWith("*."))
    throw new Unreadable(`invalid prefix '${prefix.slice(0, 200)}'`);
  if (place === "" && !prefix.startsWith("*.")) {
    throw new Unreadable("invalid condition: location is unset and prefix is not in the format: *.example.com");
  }
  const mirrorByDigestOnly = flag(table, "mirror-by-digest-only");
  return {
    prefix,
    endpoint: { location: place, insecure: flag(table, "insecure"), pulls: "all" },
    mirrors: tables(entry(table, "mirror"))
      .slice(0, 100)
      .map((mirror) => readMirror(mirror, mirrorByDigestOnly)),
    mirrorByDigestOnly,
    blocked: flag(table, "blocked"),
  };
}

function readMirror(table: Table, byDigestOnly: boolean): Endpoint {
  const place = location(text(table, "location"));
  if (place === "") throw new Unreadable("invalid condition: mirror location is unset");
  const pulls = text(table, "pull-from-mirror");
  if (pulls !== "" && byDigestOnly) {
    throw new Unreadable("cannot set mirror usage mirror-by-digest-only and pull-from-mirror at the same time");
  }
  if (pulls !== "" && pulls !== "all" && pulls !== "digest-only" && pulls !== "tag-only") {
    throw new Unreadable(`unsupported pull-from-mirror value "${pulls.slice(0, 100)}"`);
  }
  return { location: place, insecure: flag(table, "insecure"), pulls: pulls === "" ? "all" : pulls };
}

/** `[registries.search]`, `[registries.insecure]`, `[registries.block]`: lists of hosts. */
function readVersion1(table: Table): RegistriesConf | undefined {
  if (tableAt(table, "registries") === undefined) return undefined;
  const list = (name: string): readonly string[] =>
    (texts(entry(tableAt(table, "registries", name) ?? {}, "registries")) ?? []).slice(0, mostRegistries).map(location);
  const insecure = list("insecure");
  const blocked = list("block");
  const hosts = [...new Set([...insecure, ...blocked])];
  return {
    registries: hosts.map((host) => ({
      prefix: host,
      endpoint: { location: host, insecure: insecure.includes(host), pulls: "all" },
      mirrors: [],
      mirrorByDigestOnly: false,
      blocked: blocked.includes(host),
    })),
    unqualifiedSearch: list("search"),
    aliases: new Map(),
  };
}

function location(written: string): string {
  const read = parseLocation(written);
  if (read === undefined)
    throw new Unreadable(`invalid location '${written.slice(0, 200)}': URI schemes are not supported`);
  return read;
}

function text(table: Table, key: string): string {
  const value = entry(table, key) ?? "";
  if (typeof value !== "string") throw new Unreadable(`${key} is not a text`);
  return value;
}

function flag(table: Table, key: string): boolean {
  const value = entry(table, key) ?? false;
  if (typeof value !== "boolean") throw new Unreadable(`${key} is not a boolean`);
  return value;
}
