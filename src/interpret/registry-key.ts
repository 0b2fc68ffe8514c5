/**
 * A key of a docker config, or an image name, as Go's url.Parse and net.SplitHostPort take it apart. Strings are bytes
 * (one character a byte of UTF-8), so that prefixes and order are the kubelet's own.
 */
export interface KeyUrl {
  readonly host: string;
  readonly path: string;
}

/** `bytesOf("ä")` has two characters. Nearly all keys are ASCII and stay what they are. */
export function bytesOf(text: string): string {
  return /^[\0-\x7f]*$/.test(text) ? text : Buffer.from(text, "utf8").toString("latin1");
}

/**
 * `url.Parse("https://" + text)` (Go net/url): host and decoded path; user, query and fragment are lost.
 * Undefined where Go gives an error. JavaScript's URL lower-cases hosts and drops ports, so it will not do.
 */
export function parseSchemeless(text: string): KeyUrl | undefined {
  const hash = text.indexOf("#");
  const beforeHash = hash === -1 ? text : text.slice(0, hash);
  if (/[\0-\x1f\x7f]/.test(beforeHash)) return undefined;
  if (hash !== -1 && unescapePercent(text.slice(hash + 1)) === undefined) return undefined;
  const question = beforeHash.indexOf("?");
  const rest = question === -1 ? beforeHash : beforeHash.slice(0, question);
  const slash = rest.indexOf("/");
  const host = parseAuthority(slash === -1 ? rest : rest.slice(0, slash));
  const path = unescapePercent(slash === -1 ? "" : rest.slice(slash));
  return host === undefined || path === undefined ? undefined : { host, path };
}

function parseAuthority(authority: string): string | undefined {
  const at = authority.lastIndexOf("@");
  if (at !== -1) {
    const user = authority.slice(0, at);
    if (/[^A-Za-z0-9\-._:~!$&'()*+,;=%@]/.test(user) || unescapePercent(user) === undefined) return undefined;
  }
  return parseHost(authority.slice(at + 1));
}

function parseHost(host: string): string | undefined {
  if (host.startsWith("[")) {
    const bracket = host.lastIndexOf("]");
    if (bracket === -1 || !isOptionalPort(host.slice(bracket + 1))) return undefined;
    const zone = host.slice(0, bracket).indexOf("%25");
    if (zone !== -1) {
      const [address, name, port] = [host.slice(0, zone), host.slice(zone, bracket), host.slice(bracket)];
      const parts = [unescapeHost(address), unescapePercent(name), unescapeHost(port)];
      return parts.includes(undefined) ? undefined : parts.join("");
    }
  } else {
    const colon = host.lastIndexOf(":");
    if (colon !== -1 && !isOptionalPort(host.slice(colon))) return undefined;
  }
  return unescapeHost(host);
}

function isOptionalPort(text: string): boolean {
  return text === "" || /^:[0-9]*$/.test(text);
}

/** In a host only bytes above ASCII and the percent sign itself may be written with `%`, and a few characters not at all. */
function unescapeHost(text: string): string | undefined {
  if (/[^A-Za-z0-9\-._~!$&'()*+,;=:[\]<>"%\x80-\xff]/.test(text)) return undefined;
  for (let at = text.indexOf("%"); at !== -1; at = text.indexOf("%", at + 1)) {
    if (/^%[0-7]/.test(text.slice(at, at + 2)) && text.slice(at, at + 3) !== "%25") return undefined;
  }
  return unescapePercent(text);
}

function unescapePercent(text: string): string | undefined {
  if (!text.includes("%")) return text;
  if (/%(?![0-9A-Fa-f]{2})/.test(text)) return undefined;
  return text.replace(/%([0-9A-Fa-f]{2})/g, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)));
}

/**
 * The kubelet's form of a key (kubernetes pkg/credentialprovider/keyring.go Add): without scheme, without a leading `/v1` or `/v2`
 * that has a slash after it, the host alone where no path is left. Undefined where it drops the entry.
 */
export function normaliseKey(key: string): string | undefined {
  const parsed = parseSchemeless(withoutScheme(bytesOf(key)));
  if (parsed === undefined) return undefined;
  const path = /^\/v[12]\//.test(parsed.path) ? parsed.path.slice(3) : parsed.path;
  return path === "/" ? parsed.host : parsed.host + path;
}

/** Only `http://` and `https://` in lower case are schemes to the kubelet. */
export function withoutScheme(key: string): string {
  return key.replace(/^https?:\/\//, "");
}

/** net.SplitHostPort, with the whole host and no port where it gives an error; then the labels of the host. */
export function splitHost(host: string): { readonly labels: readonly string[]; readonly port: string } {
  const split = hostAndPort(host) ?? { name: host, port: "" };
  return { labels: split.name.split("."), port: split.port };
}

function hostAndPort(host: string): { name: string; port: string } | undefined {
  const colon = host.lastIndexOf(":");
  if (colon === -1) return undefined;
  if (host.startsWith("[")) {
    const bracket = host.indexOf("]");
    if (bracket === -1 || bracket + 1 !== colon) return undefined;
    const name = host.slice(1, bracket);
    const port = host.slice(colon + 1);
    return name.includes("[") || /[[\]]/.test(port) ? undefined : { name, port };
  }
  const name = host.slice(0, colon);
  return name.includes(":") || /[[\]]/.test(host) ? undefined : { name, port: host.slice(colon + 1) };
}
