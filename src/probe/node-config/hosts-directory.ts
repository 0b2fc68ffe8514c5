import type { RegistryHost } from "../../domain/probe.ts";
import { allCapabilities, parseHostsToml, type WrittenHost } from "./hosts-toml.ts";
import { isLocalhost, splitPort } from "./localhost.ts";

/** What stands in the directory of a registry host under certs.d. */
export interface HostDirectory {
  /** Where it is; relative names of certificates are found there. */
  readonly path: string;
  /** The text of hosts.toml; absent where there is none. */
  readonly hostsToml?: string;
  /** Names of the files. */
  readonly files: readonly string[];
}

/** What the node would ask, in its order, and what of its configuration it ignores. */
export interface NodeHosts {
  readonly hosts: readonly RegistryHost[];
  /** Why hosts.toml is ignored. */
  readonly problem?: string;
}

/**
 * Names of the directory for a registry host, in the order they are looked for; the first that exists is used, alone.
 * containerd/containerd:core/remotes/docker/config/config_unix.go hostPaths, hosts.go hostDirectory.
 */
export function directoryNames(host: string): readonly string[] {
  const colon = host.lastIndexOf(":");
  const withPort = colon > 0 ? [`${host.slice(0, colon)}_${host.slice(colon + 1)}_`] : [];
  return [...withPort, host, "_default"];
}

/**
 * The hosts that containerd asks for images of `registry` (as in the image reference, `docker.io` for Docker Hub).
 * A hosts.toml with an error counts as none: then the directory's certificate files hold, and only upstream is asked.
 */
export function hostsFor(registry: string, directory: HostDirectory | undefined): NodeHosts {
  const finish = (written: readonly WrittenHost[]): readonly RegistryHost[] =>
    written.map((host, at) => settle(at === written.length - 1 && host.host === "" ? upstream(registry, host) : host));
  if (directory === undefined) return { hosts: finish([certificateFiles([], "")]) };
  const { hostsToml, path, files } = directory;
  if (hostsToml === undefined || hostsToml === "") return { hosts: finish([certificateFiles(files, path)]) };
  const read = parseHostsToml(hostsToml, path);
  if ("error" in read) return { hosts: finish([certificateFiles(files, path)]), problem: read.error };
  return { hosts: finish(read.hosts) };
}

/** Whether a host may do all that is wanted. */
export function canDo(have: readonly string[], want: readonly string[]): boolean {
  return want.every((each) => have.includes(each));
}

/** `*.crt` are authorities, `*.cert` with its `*.key` a client's pair: the layout of Docker (hosts.go loadCertFiles). */
export function certificateFiles(files: readonly string[], directory: string): WrittenHost {
  const named = (name: string): string => (directory === "" ? name : `${directory}/${name}`);
  const sorted = files.slice(0, 1_000).toSorted((a, b) => (a < b ? -1 : 1));
  return {
    scheme: "",
    host: "",
    path: "",
    capabilities: allCapabilities,
    ca: sorted.filter((name) => name.endsWith(".crt")).map(named),
    client: sorted
      .filter((name) => name.endsWith(".cert"))
      .map((name) => {
        const key = `${name.slice(0, -".cert".length)}.key`;
        // Without a key of its own the certificate's file may hold it.
        return [named(name), files.includes(key) ? named(key) : ""] as const;
      }),
    headers: {},
  };
}

/** The last entry without a server becomes the registry itself: TLS settings and headers stay, all else is the default. */
function upstream(registry: string, host: WrittenHost): WrittenHost {
  const base = { ...host, path: "/v2", capabilities: allCapabilities };
  if (registry === "docker.io") return { ...base, scheme: "https", host: "registry-1.docker.io" };
  if (!isLocalhost(registry)) return { ...base, scheme: "https", host: registry };
  const port = splitPort(registry).port ?? "";
  const local = { ...base, scheme: port === "" || port === "443" ? "https" : "http", host: registry };
  return port === "80" ? local : { ...local, skipVerify: true };
}

/** HTTP with any TLS setting is tried by HTTPS first, unless the port leaves no doubt. */
function settle(host: WrittenHost): RegistryHost {
  const { ca, client, skipVerify, headers } = host;
  const tls = ca.length > 0 || client.length > 0 || skipVerify !== undefined;
  const falls = host.scheme === "http" && tls && splitPort(host.host).port !== "80";
  return {
    scheme: host.scheme === "http" && !falls ? "http" : "https",
    host: host.host,
    path: host.path,
    capabilities: host.capabilities,
    ...(skipVerify === undefined ? {} : { skipVerify }),
    ...(ca.length === 0 ? {} : { ca }),
    ...(client.length === 0 ? {} : { client }),
    ...(Object.keys(headers).length === 0 ? {} : { headers }),
    ...(falls ? { httpFallback: "containerd" as const } : {}),
  };
}
