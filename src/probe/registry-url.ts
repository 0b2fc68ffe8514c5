/** Where requests go: scheme, host name and port. Two are the same origin only if all three are equal. */
export interface Origin {
  readonly scheme: "https" | "http";
  /** Lower case, IPv6 without brackets. */
  readonly hostname: string;
  readonly port: number;
}

const defaultPort = { https: 443, http: 80 } as const;

/** Longest URL that is looked at. */
const longestUrl = 8_192;

/**
 * host:port with the scheme's default port filled in and IPv6 in brackets: `[2001:db8::1]` → `[2001:db8::1]:443`.
 * (containerd/containerd:core/remotes/docker/resolver.go, the addresses compared for "same host")
 */
export function hostAddress(scheme: "https" | "http", host: string): string {
  const bare = host.endsWith(":") && !host.endsWith("::") ? host.slice(0, -1) : host;
  const { hostname, port } = splitHost(bare);
  return `${bracketed(hostname)}:${port ?? defaultPort[scheme]}`;
}

/** `host:port`, `[v6]:port`, `v6` → its parts. The port is undefined where none is written. */
export function splitHost(host: string): { readonly hostname: string; readonly port: number | undefined } {
  const bracket = /^\[([^\]]*)\](?::([0-9]{1,5}))?$/.exec(host);
  if (bracket) return { hostname: bracket[1] ?? "", port: numbered(bracket[2]) };
  const colon = host.indexOf(":");
  if (colon < 0 || host.indexOf(":", colon + 1) >= 0) return { hostname: host, port: undefined };
  return { hostname: host.slice(0, colon), port: numbered(host.slice(colon + 1)) };
}

function numbered(text: string | undefined): number | undefined {
  return text !== undefined && /^[0-9]{1,5}$/.test(text) ? Number(text) : undefined;
}

function bracketed(hostname: string): string {
  return hostname.includes(":") ? `[${hostname}]` : hostname;
}

/** The origin that a registry host (host[:port]) of an image reference or mirror list is asked at. */
export function originOf(scheme: "https" | "http", host: string): Origin {
  const { hostname, port } = splitHost(hostAddress(scheme, host.toLowerCase()));
  return { scheme, hostname, port: port ?? defaultPort[scheme] };
}

/** The origin of an absolute http(s) URL. */
export function originOfUrl(url: URL): Origin {
  const scheme = url.protocol === "http:" ? "http" : "https";
  return {
    scheme,
    hostname: url.hostname.replace(/^\[|\]$/g, "").replace(/\.$/, ""),
    port: url.port === "" ? defaultPort[scheme] : Number(url.port),
  };
}

export function sameOrigin(a: Origin, b: Origin): boolean {
  return a.scheme === b.scheme && a.hostname === b.hostname && a.port === b.port;
}

/** `https://registry.example.com:5000`: what a connection, a token and a limit belong to. */
export function originText(origin: Origin): string {
  return `${origin.scheme}://${hostText(origin)}`;
}

/** host[:port] without the scheme's default port, as people write it. */
export function hostText({ scheme, hostname, port }: Origin): string {
  return port === defaultPort[scheme] ? bracketed(hostname) : `${bracketed(hostname)}:${port}`;
}

/** Why a URL that a server gave is not followed. */
export type UrlProblem = "too-long" | "not-a-url" | "not-http" | "userinfo";

/**
 * A URL out of a server's header, absolute or relative to `base`: http(s) only, at most 8 kB, without user or password.
 * Anything else is named, not followed.
 */
export function readUrl(text: string, base: string): { readonly url: URL } | { readonly problem: UrlProblem } {
  if (text.length > longestUrl) return { problem: "too-long" };
  if (!URL.canParse(text, base)) return { problem: "not-a-url" };
  const url = new URL(text, base);
  if (url.protocol !== "https:" && url.protocol !== "http:") return { problem: "not-http" };
  if (url.username !== "" || url.password !== "") return { problem: "userinfo" };
  return { url };
}

/** A URL fit to be shown: scheme, host and path. Queries carry signatures and tokens, so they are left out. */
export function shownUrl(url: URL): string {
  return `${url.protocol}//${url.host}${url.pathname}`.slice(0, 500);
}

/**
 * A URL with its secrets blotted out, as containerd writes it in errors: query values become REDACTED (but `ns`),
 * the keys in order, a password becomes xxxxx. (containerd/containerd:core/remotes/docker/resolver.go sanitization)
 */
export function sanitizedUrl(text: string): string {
  const hash = text.indexOf("#");
  const fragment = hash < 0 ? "" : text.slice(hash);
  const plain = hash < 0 ? text : text.slice(0, hash);
  const mark = plain.indexOf("?");
  const path = mark < 0 ? plain : plain.slice(0, mark);
  const query = mark < 0 ? "" : `?${sanitizedQuery(plain.slice(mark + 1))}`;
  return `${path.replace(/^([a-z][a-z0-9+.-]*:\/\/)([^/@:]*)(:[^/@]*)?@/i, blotUser)}${query}${fragment}`;
}

/** A server's words with the secrets blotted out of the URLs in them: signed places of blobs, tokens in queries. */
export function withSanitizedUrls(text: string): string {
  return text.replace(/https?:\/\/[^\s"'<>]+/gi, sanitizedUrl);
}

function blotUser(_all: string, scheme: string, user: string, password: string | undefined): string {
  return password === undefined ? `${scheme}${user}@` : `${scheme}${user}:xxxxx@`;
}

function sanitizedQuery(query: string): string {
  return query
    .split("&")
    .filter((part) => part !== "")
    .map((part) => {
      const equals = part.indexOf("=");
      const key = equals < 0 ? part : part.slice(0, equals);
      const value = equals < 0 ? "" : part.slice(equals + 1);
      return { key, value: key === "ns" || value === "" ? value : "REDACTED" };
    })
    .sort((a, b) => Buffer.compare(Buffer.from(a.key), Buffer.from(b.key)))
    .map(({ key, value }) => `${key}=${value}`)
    .join("&");
}
