/**
 * Which reading of the grammar: `distribution` is what the kubelet and containerd use (github.com/distribution/reference,
 * regexp.go and reference.go); `containers` is CRI-O's older fork (go.podman.io/image, docker/reference).
 */
export type Grammar = "distribution" | "containers";

/** A reference taken apart; the domain is empty where none is written. */
export interface ReferenceParts {
  readonly domain: string;
  readonly path: string;
  readonly tag?: string;
  readonly digest?: string;
}

/** Why a reference is refused, with the Go error's own text. */
export interface GrammarError {
  readonly kind:
    | "format"
    | "no-name"
    | "upper-case"
    | "too-long"
    | "hex-name"
    | "digest-format"
    | "digest-length"
    | "digest-algorithm";
  readonly message: string;
}

export type Parts =
  | { readonly ok: true; readonly parts: ReferenceParts }
  | { readonly ok: false; readonly error: GrammarError };

/** Characters that a repository name may have; the fork counts the domain, too. */
const longestName = 255;

/** Hex digits of a digest by algorithm: the three that kubelet, containerd and CRI-O register. */
export const digestLengths: ReadonlyMap<string, number> = new Map([
  ["sha256", 64],
  ["sha384", 96],
  ["sha512", 128],
]);

/**
 * `reference.Parse`: no defaults, no Docker Hub rules. Linear: the text is cut at its separators, and every piece is looked at once.
 */
export function parseParts(text: string, grammar: Grammar): Parts {
  const split = splitReference(text, grammar);
  if (split === undefined) {
    if (text === "") return refused("no-name", "repository name must have at least one component");
    if (splitReference(lowerCase(text), grammar) !== undefined) {
      return refused("upper-case", "repository name must be lowercase");
    }
    return refused("format", "invalid reference format");
  }
  const name = grammar === "containers" && split.domain !== "" ? `${split.domain}/${split.path}` : split.path;
  if (name.length > longestName) {
    return refused("too-long", `repository name must not be more than ${longestName} characters`);
  }
  const error = split.digest === undefined ? undefined : digestError(split.digest);
  return error === undefined ? { ok: true, parts: split } : { ok: false, error };
}

/** ReferenceRegexp: `name[:tag][@digest]` from end to end, or undefined. */
function splitReference(text: string, grammar: Grammar): ReferenceParts | undefined {
  const { name, tag, digest } = cutReference(text);
  const named = splitName(name, grammar);
  if (named === undefined || (tag !== undefined && !isTag(tag)) || (digest !== undefined && !isDigest(digest))) {
    return undefined;
  }
  return { ...named, ...(tag === undefined ? {} : { tag }), ...(digest === undefined ? {} : { digest }) };
}

/** Cuts at the first `@` and at the first `:` after the last `/`, whatever the pieces look like. */
export function cutReference(text: string): { name: string; tag?: string; digest?: string } {
  const at = text.indexOf("@");
  const front = at === -1 ? text : text.slice(0, at);
  const colon = front.indexOf(":", front.lastIndexOf("/") + 1);
  return {
    name: colon === -1 ? front : front.slice(0, colon),
    ...(colon === -1 ? {} : { tag: front.slice(colon + 1) }),
    ...(at === -1 ? {} : { digest: text.slice(at + 1) }),
  };
}

/** anchoredNameRegexp: the first component is the domain wherever it can be one and something follows. */
function splitName(name: string, grammar: Grammar): { domain: string; path: string } | undefined {
  const slash = name.indexOf("/");
  if (slash !== -1 && isDomain(name.slice(0, slash), grammar) && isPath(name.slice(slash + 1))) {
    return { domain: name.slice(0, slash), path: name.slice(slash + 1) };
  }
  return isPath(name) ? { domain: "", path: name } : undefined;
}

/** DomainRegexp from end to end: labels with an optional port; IPv6 only in brackets, and not in the fork. */
function isDomain(text: string, grammar: Grammar): boolean {
  const bracket = text.startsWith("[") ? text.indexOf("]") : -1;
  if (bracket !== -1) {
    const port = text.slice(bracket + 1);
    return (
      grammar === "distribution" && /^\[[a-fA-F0-9:]+$/.test(text.slice(0, bracket)) && (port === "" || isPort(port))
    );
  }
  const colon = text.indexOf(":");
  const host = colon === -1 ? text : text.slice(0, colon);
  return (colon === -1 || isPort(text.slice(colon))) && host.split(".").every(isLabel);
}

function isPort(text: string): boolean {
  return /^:[0-9]+$/.test(text);
}

function isLabel(label: string): boolean {
  return /^[a-zA-Z0-9-]+$/.test(label) && !label.startsWith("-") && !label.endsWith("-");
}

function isPath(text: string): boolean {
  return text.split("/").every(isPathComponent);
}

/** `[a-z0-9]+` parts joined by `.`, `_`, `__` or any number of `-`. */
function isPathComponent(text: string): boolean {
  if (!/^[a-z0-9._-]+$/.test(text)) return false;
  return text.split(/[a-z0-9]+/).every((separator, at, all) => {
    if (at === 0 || at === all.length - 1) return separator === "";
    return separator === "." || separator === "_" || separator === "__" || isDashes(separator);
  });
}

function isDashes(text: string): boolean {
  return !/[^-]/.test(text);
}

export function isTag(text: string): boolean {
  return /^[A-Za-z0-9_][A-Za-z0-9_.-]{0,127}$/.test(text);
}

/** DigestRegexp: what may stand after `@`; `digestError` looks closer. */
function isDigest(text: string): boolean {
  const colon = text.indexOf(":");
  if (colon === -1) return false;
  return (
    text
      .slice(0, colon)
      .split(/[-_+.]/)
      .every((part) => /^[A-Za-z][A-Za-z0-9]*$/.test(part)) &&
    text.length - colon > 32 &&
    /^[0-9A-Fa-f]+$/.test(text.slice(colon + 1))
  );
}

/** go-digest's Validate: a known algorithm, its exact length, lower-case hex (opencontainers/go-digest digest.go, algorithm.go). */
function digestError(digest: string): GrammarError | undefined {
  const colon = digest.indexOf(":");
  const algorithm = digest.slice(0, colon);
  const encoded = digest.slice(colon + 1);
  const length = digestLengths.get(algorithm);
  if (length === undefined) {
    const wellFormed = /^[a-z0-9]+$/.test(algorithm.replace(/[.+_-]([a-z0-9])/g, "$1"));
    return wellFormed
      ? { kind: "digest-algorithm", message: "unsupported digest algorithm" }
      : { kind: "digest-format", message: "invalid checksum digest format" };
  }
  if (encoded.length !== length) return { kind: "digest-length", message: "invalid checksum digest length" };
  return /^[a-f0-9]+$/.test(encoded) ? undefined : { kind: "digest-format", message: "invalid checksum digest format" };
}

/** Go's strings.ToLower: letter by letter, without JavaScript's rules for a word's end; U+0130 becomes one letter. */
export function lowerCase(text: string): string {
  if (/^[\0-\x7f]*$/.test(text)) return text.toLowerCase();
  return Array.from(text, (letter) => (letter === "\u0130" ? "i" : letter.toLowerCase())).join("");
}

function refused(kind: GrammarError["kind"], message: string): Parts {
  return { ok: false, error: { kind, message } };
}
