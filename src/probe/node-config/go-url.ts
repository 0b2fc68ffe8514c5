/** The parts of a URL that matter for a host of a hosts.toml. */
export interface GoUrl {
  readonly scheme: string;
  /** host[:port], as it is written. */
  readonly host: string;
  readonly path: string;
}

/**
 * A URL as Go's url.Parse reads it, which keeps host and port as they are written, and takes `httpbin:5000` for a scheme and
 * `httpbin.example.com` for a path; undefined where it fails. (golang/go:src/net/url/url.go parse)
 */
export function goUrl(written: string): GoUrl | undefined {
  if (/[\u0000-\u001f\u007f]/.test(written)) return undefined;
  const plain = (written.split("#", 1)[0] ?? "").split("?", 1)[0] ?? "";
  const scheme = /^([A-Za-z][A-Za-z0-9+.-]*):/.exec(plain)?.[1];
  if (scheme === undefined && plain.startsWith(":")) return undefined;
  const rest = scheme === undefined ? plain : plain.slice(scheme.length + 1);
  const named = { scheme: (scheme ?? "").toLowerCase() };
  if (!rest.startsWith("/")) {
    // After a scheme it is opaque, without host and path; without one, no segment before the first slash may have a colon.
    if (scheme !== undefined) return { ...named, host: "", path: "" };
    return (rest.split("/", 1)[0] ?? "").includes(":") ? undefined : { ...named, host: "", path: rest };
  }
  if (!rest.startsWith("//")) return { ...named, host: "", path: rest };
  const slash = rest.indexOf("/", 2);
  const authority = slash < 0 ? rest.slice(2) : rest.slice(2, slash);
  const host = authority.slice(authority.lastIndexOf("@") + 1);
  if (!isHost(host)) return undefined;
  return { ...named, host, path: slash < 0 ? "" : rest.slice(slash) };
}

/** A name or a bracketed address, with a port of digits or an empty one. */
function isHost(host: string): boolean {
  if (host.startsWith("[")) return /^\[[^\]\s]*\](?::[0-9]*)?$/.test(host);
  return /^[^\s:"<>\\^`{|}%]*(?::[0-9]*)?$/.test(host);
}
