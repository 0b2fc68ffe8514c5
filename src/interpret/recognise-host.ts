import type { FailureFacts } from "../domain/symptom.ts";
import { servesLayers } from "../knowledge/registries/blob-hosts.ts";

/** A URL taken apart without trusting it: no userinfo, no query but `ns`. */
export interface FailedUrl {
  readonly url: string;
  readonly scheme: "http" | "https";
  readonly host: string;
  readonly path: string;
  /** The registry a mirror was asked for; containerd core/remotes/docker/resolver.go adds it as `?ns=`. */
  readonly namespace?: string;
}

/** Takes a URL from a failure text apart; undefined where it is none. */
export function readUrl(text: string): FailedUrl | undefined {
  const match = /^(https?):\/\/([^/?#\s]+)([^?#\s]*)(?:\?(\S*))?/.exec(text);
  if (match === null) {
    return undefined;
  }
  const [, scheme, authority = "", path = "", query = ""] = match;
  const host = authority.slice(authority.lastIndexOf("@") + 1);
  // A socket of a daemon on the node, whose path Docker's client writes as a host: nothing of a registry.
  if (/^%2f/i.test(host)) {
    return undefined;
  }
  const namespace = /(?:^|&)ns=([^&]+)/.exec(query)?.[1];
  return {
    url: `${scheme}://${host}${path}`,
    scheme: scheme === "http" ? "http" : "https",
    host,
    path,
    ...(namespace === undefined ? {} : { namespace: namespace.replace(/%3A/gi, ":") }),
  };
}

/** The registry host that an image name leads to; distribution/reference normalize.go. */
function registryOf(image: string): string {
  const name = image.replace(/^[a-z+-]{1,20}:\/\//, "");
  const slash = name.indexOf("/");
  const first = slash < 0 ? "" : name.slice(0, slash);
  const isHost = first.includes(".") || first.includes(":") || first === "localhost";
  return isHost ? first.replace(/^index\.docker\.io$/, "docker.io") : "docker.io";
}

/** Hosts that are Docker Hub under another name. */
const hubHosts = new Set([
  "docker.io",
  "registry-1.docker.io",
  "index.docker.io",
  "registry.hub.docker.com",
  "hub.docker.com",
]);

/** Whether two hosts are the same registry. */
function sameRegistry(host: string, registry: string): boolean {
  const plain = (text: string): string => text.toLowerCase().replace(/:443$/, "");
  return plain(host) === plain(registry) || (hubHosts.has(plain(registry)) && hubHosts.has(plain(host)));
}

/** Whether an image of that name is asked for at the host, without a mirror. */
export function isRegistryOf(host: string, image: string): boolean {
  return sameRegistry(host, registryOf(image));
}

/**
 * What the failing host is, where it is not the image's registry: the URL's host decides whose failure it is.
 * Undefined where it is the registry itself, or where nothing tells.
 */
export function foreignHost(
  url: FailedUrl,
  image: string | undefined,
  operation: FailureFacts["operation"],
): FailureFacts["foreignHost"] {
  if (url.namespace !== undefined && !sameRegistry(url.host, url.namespace)) {
    return "mirror";
  }
  if (url.namespace !== undefined && /^(?:127\.|localhost|\[::1\])/.test(url.host)) {
    return "mirror";
  }
  const registry = image === undefined ? undefined : registryOf(image);
  if (registry !== undefined && sameRegistry(url.host, registry)) {
    return undefined;
  }
  if (isTokenPath(url) && operation !== "blob") {
    return "token-server";
  }
  if (servesLayers(url.host)) {
    return "blob-store";
  }
  if (registry === undefined || hubHosts.has(url.host)) {
    return undefined;
  }
  const isApi = url.path.startsWith("/v2/");
  if ((operation === "blob" || operation === "config") && !isApi) {
    return "blob-store";
  }
  if (registry === "docker.io" && isApi) {
    return "mirror";
  }
  return operation === "blob" ? "blob-store" : "other";
}

/** Paths of token servers: `/token`, `/oauth2/token`, `/jwt/auth`, `/service/token`, `/v2/token`, `/v2/auth`. */
function isTokenPath(url: FailedUrl): boolean {
  return (
    /\/(?:token|exchange|auth|authenticate|proxy_auth|v2auth)\/?$/.test(url.path) ||
    /^(?:auth|authn|dockerauth)\./.test(url.host)
  );
}
