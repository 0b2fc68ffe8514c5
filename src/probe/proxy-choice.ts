import { BlockList } from "node:net";
import { ipFamily } from "./ip-family.ts";
import type { Origin } from "./registry-url.ts";

/** A proxy to go through. Its login is part of it, and never shown. */
export interface HttpProxy {
  readonly scheme: "http" | "https";
  readonly hostname: string;
  readonly port: number;
  /** host:port, as it may be shown. */
  readonly host: string;
  /** `Basic …`, made from the address's user and password. */
  readonly authorization?: string;
}

export type ProxyChoice =
  | { readonly kind: "direct" }
  | { readonly kind: "proxy"; readonly proxy: HttpProxy }
  /** A variable that names no proxy this program can use. */
  | { readonly kind: "unusable"; readonly variable: string };

export type ProxyEnvironment = Readonly<Record<string, string | undefined>>;

/**
 * The proxy for a target, by the environment as curl reads it: `https_proxy` before `HTTPS_PROXY`, `http_proxy` in lower case only
 * (a CGI server sets HTTP_PROXY from a header), then `all_proxy`; `no_proxy` before `NO_PROXY`.
 * (https://everything.curl.dev/usingcurl/proxies/env.html)
 */
export function chooseProxy(target: Origin, env: ProxyEnvironment): ProxyChoice {
  const names =
    target.scheme === "https"
      ? ["https_proxy", "HTTPS_PROXY", "all_proxy", "ALL_PROXY"]
      : ["http_proxy", "all_proxy", "ALL_PROXY"];
  const variable = names.find((name) => (env[name] ?? "") !== "");
  if (variable === undefined || isExempt(target.hostname, env["no_proxy"] ?? env["NO_PROXY"] ?? ""))
    return { kind: "direct" };
  const proxy = parseProxy(env[variable] ?? "");
  return proxy === undefined ? { kind: "unusable", variable } : { kind: "proxy", proxy };
}

/** Without a scheme it is HTTP; without a port it is 1080, as curl has it, but for https. SOCKS is not spoken. */
function parseProxy(text: string): HttpProxy | undefined {
  const withScheme = /^[a-z][a-z0-9+.-]*:\/\//i.test(text) ? text : `http://${text}`;
  if (!URL.canParse(withScheme)) return undefined;
  const url = new URL(withScheme);
  if (url.protocol !== "http:" && url.protocol !== "https:") return undefined;
  const hostname = url.hostname.replace(/^\[|\]$/g, "");
  const explicit = /^[a-z]+:\/\/(?:[^@/]*@)?(?:\[[^\]]*\]|[^:/]*):([0-9]+)/i.exec(withScheme)?.[1];
  const port = explicit === undefined ? (url.protocol === "https:" ? 443 : 1080) : Number(explicit);
  const login = `${decoded(url.username)}:${decoded(url.password)}`;
  return {
    scheme: url.protocol === "https:" ? "https" : "http",
    hostname,
    port,
    host: `${url.hostname}:${port}`,
    ...(login !== ":" && { authorization: `Basic ${Buffer.from(login).toString("base64")}` }),
  };
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

/** Entries are parted by commas or spaces; `*` alone means everything; a name covers its sub-domains; addresses may be networks. */
function isExempt(hostname: string, list: string): boolean {
  if (list.trim() === "*") return true;
  return list
    .slice(0, 20_000)
    .split(/[\s,]+/)
    .filter((entry) => entry !== "")
    .some((entry) => covers(entry.toLowerCase(), hostname));
}

function covers(entry: string, hostname: string): boolean {
  const bare = entry.replace(/^\[|\]$/g, "");
  const family = ipFamily(hostname);
  if (family === 0) {
    const name = bare.replace(/^\./, "").replace(/\.$/, "");
    return name !== "" && (hostname === name || hostname.endsWith(`.${name}`));
  }
  const [network = "", bits] = bare.split("/");
  if (ipFamily(network) !== family) return false;
  if (bits === undefined) return same(network, hostname);
  const size = Number(bits);
  if (!/^[0-9]{1,3}$/.test(bits) || size > (family === 4 ? 32 : 128)) return false;
  const block = new BlockList();
  block.addSubnet(network, size, family === 4 ? "ipv4" : "ipv6");
  return block.check(hostname, family === 4 ? "ipv4" : "ipv6");
}

function bracket(address: string): string {
  return address.includes(":") ? `[${address}]` : address;
}

function same(a: string, b: string): boolean {
  return new URL(`http://${bracket(a)}/`).hostname === new URL(`http://${bracket(b)}/`).hostname;
}
