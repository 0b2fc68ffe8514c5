import type { Runtime } from "../../domain/cluster-facts.ts";
import type { RegistryHost } from "../../domain/probe.ts";
import { requestHost } from "../../knowledge/registries/dialect-of.ts";
import { legacyScheme } from "./localhost.ts";
import { entry, parseToml, type Table, tableAt, texts } from "./toml-table.ts";

/** containerd's deprecated `registry.mirrors`: registry host (or `*`) → endpoints. */
export type Mirrors = ReadonlyMap<string, readonly string[]>;

/** containerd's deprecated `registry.configs.HOST.tls`, by host. */
type HostTls = ReadonlyMap<string, Pick<RegistryHost, "skipVerify" | "ca" | "client">>;

/** What a containerd config.toml says of registries. */
export interface ContainerdConfig {
  readonly mirrors: Mirrors;
  readonly tls: HostTls;
  /** `config_path`; while it is set, mirrors are not used. */
  readonly hostsDirectory?: string;
  /** It has settings that make containerd 2.1 and later pull as before, and not by the transfer service. */
  readonly pullsLocally?: true;
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
  if (registry === undefined) return { mirrors: new Map(), tls: new Map() };
  const path = entry(registry, "config_path");
  return {
    mirrors: readMirrors(tableAt(registry, "mirrors") ?? {}),
    tls: readTls(tableAt(registry, "configs") ?? {}),
    ...(typeof path === "string" && path !== "" ? { hostsDirectory: path } : {}),
    ...(pullsLocally(read.table, registry) ? { pullsLocally: true } : {}),
  };
}

/** containerd/containerd:internal/cri/config/config.go, the conditions for the local image pull. */
function pullsLocally(table: Table, registry: Table): boolean {
  const images = tableAt(table, "plugins", "io.containerd.cri.v1.images") ?? {};
  const threads = entry(images, "max_concurrent_downloads");
  return (
    entry(images, "use_local_image_pull") === true ||
    entry(images, "disable_snapshot_annotations") === false ||
    entry(images, "discard_unpacked_layers") === true ||
    entry(images, "image_pull_with_sync_fs") === true ||
    (threads !== undefined && threads !== 3) ||
    ["mirrors", "configs", "auths"].some((key) => Object.keys(tableAt(registry, key) ?? {}).length > 0)
  );
}

/**
 * Why containerd reads no hosts.toml at all with this config.toml, one phrase; undefined where it does, or where its version, which
 * decides, is not known. Before 2.0 there is no default directory. From 2.1 on the transfer service takes the list of directories,
 * which is the default, for the name of one (containerd/containerd issues 12415, 12808; core/transfer/registry/registry.go).
 */
export function hostsDirectoryProblem(config: ContainerdConfig, runtime: Runtime | undefined): string | undefined {
  const { hostsDirectory, mirrors, pullsLocally: locally } = config;
  if (hostsDirectory !== undefined && mirrors.size > 0)
    return "config.toml sets registry.mirrors and config_path, and containerd refuses the two together";
  const [, major = "", minor = ""] = /^v?([0-9]{1,4})\.([0-9]{1,4})/.exec(runtime?.version ?? "") ?? [];
  if (runtime?.name !== "containerd" || major === "") return undefined;
  const version = `containerd ${Number(major)}.${Number(minor)}`;
  if (hostsDirectory === undefined && Number(major) < 2)
    return `config.toml sets no config_path, without which ${version} reads no hosts.toml`;
  const transfers = (Number(major) > 2 || (Number(major) === 2 && Number(minor) >= 1)) && locally !== true;
  if (!transfers || (hostsDirectory !== undefined && !hostsDirectory.includes(":"))) return undefined;
  return hostsDirectory === undefined
    ? `config.toml sets no config_path, and ${version} takes its default, a list of directories, for the name of one`
    : `config_path in config.toml lists several directories, and ${version} takes the list for the name of one`;
}

function readMirrors(table: Table): Mirrors {
  const mirrors = new Map<string, readonly string[]>();
  for (const host of Object.keys(table).slice(0, 1_000)) {
    mirrors.set(host, texts(entry(tableAt(table, host) ?? {}, "endpoint"))?.slice(0, 100) ?? []);
  }
  return mirrors;
}

/** containerd/containerd:internal/cri/server/images/image_pull.go getTLSConfig; names of files stay as they are on the node. */
function readTls(table: Table): HostTls {
  const read = new Map<string, Pick<RegistryHost, "skipVerify" | "ca" | "client">>();
  for (const host of Object.keys(table).slice(0, 1_000)) {
    const tls = tableAt(table, host, "tls");
    if (tls === undefined) continue;
    const text = (key: string): string => {
      const value = entry(tls, key);
      return typeof value === "string" ? value : "";
    };
    const [ca, certificate, key] = [text("ca_file"), text("cert_file"), text("key_file")];
    read.set(host, {
      ...(entry(tls, "insecure_skip_verify") === true && { skipVerify: true }),
      ...(ca !== "" && { ca: [ca] }),
      ...(certificate !== "" && key !== "" && { client: [[certificate, key] as const] }),
    });
  }
  return read;
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

/** The same as hosts to ask, each with its TLS settings; what is no URL is left out. */
export function legacyHosts(
  { mirrors, tls }: Pick<ContainerdConfig, "mirrors" | "tls">,
  host: string,
): readonly RegistryHost[] {
  return legacyEndpoints(mirrors, host).flatMap((endpoint) => {
    const [, scheme, name, path = ""] = /^(https?):\/\/([^/?#\s]+)([^?#]*)/.exec(endpoint) ?? [];
    if (scheme === undefined || name === undefined) return [];
    return [
      {
        scheme: scheme === "http" ? "http" : "https",
        host: name,
        path: path === "" ? "/v2" : path,
        capabilities: ["pull", "resolve"],
        ...tls.get(name),
      },
    ];
  });
}

function hostOf(url: string): string {
  return /^[^:]+:\/\/([^/?#]*)/.exec(url)?.[1] ?? "";
}
