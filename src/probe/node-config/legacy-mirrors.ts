import type { RegistryHost } from "../../domain/probe.ts";
import { requestHost } from "../../knowledge/registries/dialect-of.ts";
import { legacyScheme } from "./localhost.ts";
import { entry, parseToml, type Table, tableAt, texts } from "./toml-table.ts";

/** containerd's deprecated `registry.mirrors`: registry host (or `*`) → endpoints. */
export type Mirrors = ReadonlyMap<string, readonly string[]>;

/** What a containerd config.toml says of registries. */
export interface ContainerdConfig {
  readonly mirrors: Mirrors;
  /** `config_path`; while it is set, mirrors are not used. */
  readonly hostsDirectory?: string;
}

/** Where the registry table is, by version of the file. */
const places: readonly (readonly string[])[] = [
  ["plugins", "io.containerd.cri.v1.images", "registry"],
  ["plugins", "io.containerd.grpc.v1.cri", "registry"],
  ["plugins", "cri", "registry"],
];

/** Reads a config.toml of containerd; what cannot be read says nothing. */
export function parseContainerdConfig(text: string): ContainerdConfig | { readonly error: string } {
  const read = parseToml(text);
  if ("error" in read) return read;
  const registry = places.map((path) => tableAt(read.table, ...path)).find((table) => table !== undefined);
  if (registry === undefined) return { mirrors: new Map() };
  const path = entry(registry, "config_path");
  return {
    mirrors: readMirrors(tableAt(registry, "mirrors") ?? {}),
    ...(typeof path === "string" && path !== "" ? { hostsDirectory: path } : {}),
  };
}

function readMirrors(table: Table): Mirrors {
  const mirrors = new Map<string, readonly string[]>();
  for (const host of Object.keys(table).slice(0, 1_000)) {
    mirrors.set(host, texts(entry(tableAt(table, host) ?? {}, "endpoint"))?.slice(0, 100) ?? []);
  }
  return mirrors;
}

/**
 * URLs that are tried for images of a host: the host's own mirrors or else those of `*`, then the host itself, unless one of them is it.
 * containerd/containerd:internal/cri/server/images/image_pull.go registryEndpoints.
 */
export function legacyEndpoints(mirrors: Mirrors, host: string): readonly string[] {
  const written = mirrors.get(host) ?? mirrors.get("*") ?? [];
  const endpoints = written.map((each) => (each.includes("://") ? each : `${legacyScheme(each)}://${each}`));
  if (endpoints.some((each) => hostOf(each) === host)) return endpoints;
  const own = requestHost(host);
  return [...endpoints, `${legacyScheme(own)}://${own}`];
}

/** The same as hosts to ask; what is no URL is left out. */
export function legacyHosts(mirrors: Mirrors, host: string): readonly RegistryHost[] {
  return legacyEndpoints(mirrors, host).flatMap((endpoint) => {
    const [, scheme, name, path = ""] = /^(https?):\/\/([^/?#\s]+)([^?#]*)/.exec(endpoint) ?? [];
    if (scheme === undefined || name === undefined) return [];
    return [
      {
        scheme: scheme === "http" ? "http" : "https",
        host: name,
        path: path === "" ? "/v2" : path,
        capabilities: ["pull", "resolve"],
      },
    ];
  });
}

function hostOf(url: string): string {
  return /^[^:]+:\/\/([^/?#]*)/.exec(url)?.[1] ?? "";
}
