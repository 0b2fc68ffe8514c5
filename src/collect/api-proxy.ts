import { BlockList, isIP } from "node:net";

type Environment = Readonly<Record<string, string | undefined>>;

/**
 * The proxy that the environment names for the API server, as kubectl reads it, or undefined: HTTPS_PROXY for https,
 * HTTP_PROXY for http, upper case before lower case, and neither for loopback nor for what NO_PROXY names
 * (golang.org/x/net http/httpproxy/proxy.go). An address without a scheme is an HTTP proxy.
 */
export function proxyOfEnvironment(server: URL, environment: Environment): string | undefined {
  const name = server.protocol === "https:" ? "HTTPS_PROXY" : "HTTP_PROXY";
  const proxy = environment[name] || environment[name.toLowerCase()];
  if (!proxy || isExempt(server, environment["NO_PROXY"] || environment["no_proxy"] || "")) return undefined;
  return /^[a-z][a-z0-9+.-]*:\/\//i.test(proxy) ? proxy : `http://${proxy}`;
}

function isExempt(server: URL, list: string): boolean {
  const host = server.hostname.replace(/^\[|\]$/g, "").replace(/\.$/, "");
  const family = isIP(host);
  if (host === "localhost" || (family !== 0 && within(host, family, family === 4 ? "127.0.0.0/8" : "::1/128")))
    return true;
  const port = server.port || (server.protocol === "https:" ? "443" : "80");
  return list
    .slice(0, 20_000)
    .split(",")
    .map((entry) => entry.trim().toLowerCase())
    .filter((entry) => entry !== "")
    .some((entry) => covers(entry, host, family, port));
}

/** `*`; an address, a network or a name, with a port or without; a name covers what is below it, with a dot in front only that. */
function covers(entry: string, host: string, family: number, port: string): boolean {
  if (entry === "*") return true;
  if (entry.includes("/")) return family !== 0 && within(host, family, entry);
  const [, name = entry, onlyPort] = /^(\[[^\]]*\]|[^:]*):([0-9]+)$/.exec(entry) ?? [];
  if (onlyPort !== undefined && onlyPort !== port) return false;
  const bare = name.replace(/^\[|\]$/g, "");
  if (isIP(bare) !== 0) return isIP(bare) === family && within(host, family, `${bare}/${family === 4 ? 32 : 128}`);
  if (family !== 0) return false;
  const domain = bare.replace(/^\*(?=\.)/, "");
  return domain.startsWith(".") ? host.endsWith(domain) : host === domain || host.endsWith(`.${domain}`);
}

function within(address: string, family: number, network: string): boolean {
  const [base = "", bits = ""] = network.split("/");
  if (isIP(base) !== family || !/^[0-9]{1,3}$/.test(bits) || Number(bits) > (family === 4 ? 32 : 128)) return false;
  const kind = family === 4 ? "ipv4" : "ipv6";
  const block = new BlockList();
  block.addSubnet(base, Number(bits), kind);
  return block.check(address, kind);
}

/** `proxy.example:3128`: what of a proxy's address may be shown. */
export function proxyHost(proxy: string): string {
  return URL.parse(proxy)?.host ?? "";
}
