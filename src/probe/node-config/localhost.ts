import { isIPv4, isIPv6 } from "node:net";

/** `host`, `host:port`, `[v6]:port` → name and port; the port is empty where none is written, undefined where it is unreadable. */
export function splitPort(host: string): { readonly name: string; readonly port: string | undefined } {
  const bracketed = /^\[([0-9a-fA-F:.]*)\](?::([0-9]*))?$/.exec(host);
  if (bracketed !== null)
    return { name: bracketed[1] ?? "", port: bracketed[2] === "" ? undefined : (bracketed[2] ?? "") };
  const colon = host.lastIndexOf(":");
  if (colon < 0 || isIPv6(host)) return { name: host, port: "" };
  const port = host.slice(colon + 1);
  return { name: host.slice(0, colon), port: /^[0-9]+$/.test(port) ? port : undefined };
}

/** Whether a registry host is this machine: `localhost` or a loopback address, with or without port (containerd/containerd:core/remotes/docker/registry.go MatchLocalhost). */
export function isLocalhost(host: string): boolean {
  const { name, port } = splitPort(host);
  if (port === undefined) return false;
  return name === "localhost" || isLoopback(name);
}

function isLoopback(address: string): boolean {
  if (isIPv4(address)) return address.startsWith("127.");
  if (!isIPv6(address)) return false;
  const plain = new URL(`http://[${address}]`).hostname;
  return plain === "[::1]" || plain.startsWith("[::ffff:7f");
}

/** The scheme of containerd's deprecated mirror configuration where none is written. */
export function legacyScheme(host: string): "http" | "https" {
  return isLocalhost(host) ? "http" : "https";
}
