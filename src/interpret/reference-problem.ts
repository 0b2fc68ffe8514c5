import type { ReferenceProblem } from "../domain/image-reference.ts";
import { normaliseReference } from "./normalise-reference.ts";
import { cutReference, digestLengths, type GrammarError, isTag, lowerCase } from "./reference-grammar.ts";

type Told = Pick<ReferenceProblem, "kind" | "text"> & { readonly repair?: string };

/** Longest piece of the image's own text that a sentence repeats, in characters. */
const longestEcho = 60;

/** Letters that nobody sees, beside control characters: soft hyphen, zero-width, direction marks, line separators, byte order mark. */
const invisible = /[\0-\x1f\x7f-\x9f\u00ad\u061c\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff]/;
const space = /[\t-\r \u0085\u00a0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000]/;

/**
 * Says why a text is no reference, and repairs it where one repair is obvious. `error` is the kubelet's own.
 * A name with userinfo in it is never repeated: what stands before `@` may be a password.
 */
export function referenceProblem(text: string, error: GrammarError): ReferenceProblem {
  const { repair, ...problem } = aroundTheName(text) ?? inTheName(text, error);
  const repaired = repair !== undefined && repair !== text && normaliseReference(repair).ok;
  return { ...problem, kubeletError: error.message, ...(repaired ? { repaired: repair } : {}) };
}

/** What is wrong before one even looks at the parts. */
function aroundTheName(text: string): Told | undefined {
  if (text === "") return { kind: "empty", text: "The image name is empty." };
  const variable = /\$[({A-Za-z_]|\{\{|\}\}|<[A-Za-z]|%[A-Za-z_]+%/.exec(text.slice(0, 4096));
  if (variable !== null) {
    return {
      kind: "unexpanded-variable",
      text: `The name still has a placeholder at ${place(text, variable.index)}, which nothing filled in.`,
    };
  }
  const trimmed = trim(text);
  if (trimmed !== text) {
    const where =
      trimmed === "" ? "The name is nothing but white space" : "White space stands before or after the name";
    return { kind: "whitespace", text: `${where}.`, repair: trimmed };
  }
  const at = text.search(space);
  const hidden = text.search(invisible);
  if (at !== -1 && (hidden === -1 || at <= hidden)) {
    return { kind: "whitespace", text: `The name has white space in it, at ${place(text, at)}.` };
  }
  if (hidden !== -1) {
    const repair = text.replace(new RegExp(invisible.source, "g"), "");
    return {
      kind: "invisible-character",
      text: `The name has an invisible character, ${codePoint(text, hidden)}.`,
      repair,
    };
  }
  const scheme = /^[A-Za-z][A-Za-z0-9+.-]{0,30}:\/\//.exec(text);
  if (scheme !== null) {
    const rest = text.slice(scheme[0].length);
    return {
      kind: "scheme",
      text: `The name starts with ${quote(scheme[0])}; an image name has no scheme.`,
      ...(hasUserinfo(rest) ? {} : { repair: rest.endsWith("/") ? rest.slice(0, -1) : rest }),
    };
  }
  if (hasUserinfo(text)) {
    return {
      kind: "userinfo",
      text: "The name has an @ before its first slash; a login never belongs into an image name.",
    };
  }
  return undefined;
}

function inTheName(text: string, error: GrammarError): Told {
  const { name, tag, digest } = cutReference(text);
  if (error.kind === "hex-name") {
    return {
      kind: "hex-name",
      text: "The name is 64 hexadecimal digits, which is taken for an image ID; write the repository before it, with @sha256: between.",
    };
  }
  return (
    strayCharacter(text) ??
    upperCase(text, name) ??
    (digest === undefined ? undefined : badDigest(text, name, tag, digest)) ??
    (tag === undefined ? undefined : badTag(text, name, tag, digest)) ??
    (error.kind === "too-long" ? tooLong(name) : badName(text, name))
  );
}

function strayCharacter(text: string): Told | undefined {
  const quoted = /^(["'`])(.*)\1$/.exec(text);
  if (quoted !== null) {
    return {
      kind: "bad-format",
      text: "The quotes around the name are part of it.",
      ...(quoted[2] === undefined ? {} : { repair: quoted[2] }),
    };
  }
  const at = text.search(/[^A-Za-z0-9._\-/:@[\]]/);
  if (at === -1) return undefined;
  const letter = String.fromCodePoint(text.codePointAt(at) ?? 0);
  if (letter > "\x7f") {
    return { kind: "bad-format", text: `The name has the character ${codePoint(text, at)}, which is not ASCII.` };
  }
  const { name, tag } = cutReference(text);
  const kind = tag !== undefined && at > name.length ? "bad-tag" : "bad-format";
  if (letter === "\\") {
    return { kind, text: `The name has a backslash at ${place(text, at)}.`, repair: text.replaceAll("\\", "/") };
  }
  return { kind, text: `The character ${quote(letter)} at ${place(text, at)} may not stand in an image name.` };
}

/** Upper case is wrong in the path only; a domain and a tag may have it. */
function upperCase(text: string, name: string): Told | undefined {
  const slash = name.indexOf("/");
  const first = slash === -1 ? "" : name.slice(0, slash);
  const path = /[.:]/.test(first) || lowerCase(first) !== first ? name.slice(slash + 1) : name;
  if (lowerCase(path) === path) return undefined;
  const rest = text.slice(name.length);
  return {
    kind: "upper-case",
    text: `The repository name ${quote(path)} has upper-case letters; only the host and the tag may have them.`,
    repair: `${name.slice(0, name.length - path.length)}${lowerCase(path)}${rest}`,
  };
}

function badDigest(text: string, name: string, tag: string | undefined, digest: string): Told | undefined {
  const front = tag === undefined ? name : `${name}:${tag}`;
  const say = (sentence: string, repair?: string): Told => ({
    kind: "bad-digest",
    text: sentence,
    ...(repair === undefined ? {} : { repair }),
  });
  if (digest === "") return say("Nothing follows the @; a digest belongs there.", front);
  if (digest.includes("@")) return say("The name has two digests; only one may follow.");
  const tailed = /^([A-Za-z0-9]+:[0-9a-f]{32,}):(.+)$/.exec(digest);
  if (tailed !== null && tag === undefined && isTag(tailed[2] ?? ""))
    return say("A tag stands behind the digest; it belongs before it.", `${name}:${tailed[2]}@${tailed[1]}`);
  const colon = digest.indexOf(":");
  const algorithm = colon === -1 ? "" : digest.slice(0, colon);
  const hex = digest.slice(colon + 1);
  if (colon === -1) {
    if (/^[a-f0-9]{64}$/.test(digest)) return say("The digest lacks its algorithm.", `${front}@sha256:${digest}`);
    const repair = tag === undefined && isTag(digest) ? `${name}:${digest}` : undefined;
    return say(`What follows the @, ${quote(digest)}, is not a digest; a tag follows a colon.`, repair);
  }
  const length = digestLengths.get(algorithm);
  if (length === undefined) {
    const known = digestLengths.has(algorithm.toLowerCase()) ? `${front}@${digest.toLowerCase()}` : undefined;
    return say(`The digest algorithm ${quote(algorithm)} is not known; sha256, sha384 and sha512 are.`, known);
  }
  const stray = hex.search(/[^0-9A-Fa-f]/);
  if (stray !== -1)
    return say(
      `The digest has a character at ${place(text, text.length - hex.length + stray)} that is not a hexadecimal digit.`,
    );
  if (hex.length !== length) return say(`The digest has ${hex.length} hexadecimal digits; ${algorithm} has ${length}.`);
  if (hex !== hex.toLowerCase())
    return say("The digest has upper-case letters.", `${front}@${algorithm}:${hex.toLowerCase()}`);
  return undefined;
}

function badTag(text: string, name: string, tag: string, digest: string | undefined): Told | undefined {
  const tail = digest === undefined ? "" : `@${digest}`;
  if (tag === "")
    return { kind: "empty-tag", text: "Nothing follows the colon; a tag belongs there.", repair: `${name}${tail}` };
  if (isTag(tag)) return undefined;
  const bare = tag.slice(0, -1);
  if (tag.endsWith(":") && isTag(bare))
    return { kind: "empty-tag", text: "Nothing follows the last colon.", repair: `${name}:${bare}${tail}` };
  if (tag.includes(":"))
    return { kind: "two-tags", text: `The name has more than one tag: ${quote(text.slice(name.length + 1))}.` };
  if (tag.length > 128) return { kind: "bad-tag", text: `The tag has ${tag.length} characters; 128 are the most.` };
  return { kind: "bad-tag", text: `The tag ${quote(tag)} must start with a letter, a digit or an underscore.` };
}

function tooLong(name: string): Told {
  return { kind: "too-long", text: `The repository name has more than 255 characters (${name.length} with its host).` };
}

function badName(text: string, name: string): Told {
  const say = (sentence: string, repair?: string): Told => ({
    kind: "bad-format",
    text: sentence,
    ...(repair === undefined ? {} : { repair }),
  });
  const rest = text.slice(name.length);
  if (name === "") return say("The repository name is missing.");
  if (name.includes("//")) return say("The name has two slashes in a row.", name.replace(/\/{2,}/g, "/") + rest);
  if (name.startsWith("/")) return say("The name starts with a slash.", text.slice(1));
  if (name.endsWith("/")) {
    // Without its repository `host/:tag` would become another image.
    const obvious = rest === "" || name.indexOf("/") < name.length - 1;
    return say("The name ends with a slash; nothing follows it.", obvious ? `${name.slice(0, -1)}${rest}` : undefined);
  }
  const slash = name.indexOf("/");
  const first = slash === -1 ? "" : name.slice(0, slash);
  if (/[.:[]/.test(first) && /[^A-Za-z0-9]/.test(first)) {
    const port = first.startsWith("[") ? "" : first.slice(first.indexOf(":") + 1);
    if (port.includes(":") && !first.startsWith("[") && !/^[0-9a-fA-F:]+$/.test(first)) {
      return say(`The host ${quote(first)} has more than one colon; one port may follow it, and then a slash.`);
    }
    if (first.startsWith("[") || port.includes(":")) {
      return say(
        `The host ${quote(first)} is not one: an IPv6 address stands in brackets, without zone, before its port.`,
      );
    }
    if (first.includes(":") && !/^[0-9]+$/.test(port)) return say(`The port of ${quote(first)} is not a number.`);
    if (!/^[A-Za-z0-9-]+$/.test(first.replace(/[.:]/g, "")) || /(^|\.)-|-(\.|:|$)|\.\.|\.(:|$)|^\./.test(first)) {
      return say(`The host ${quote(first)} is not one: its labels are letters, digits and inner hyphens.`);
    }
  }
  const at = name.search(/[[\]:]/);
  if (at !== -1) return say(`The character ${quote(name.charAt(at))} at ${place(text, at)} may not stand there.`);
  return say(
    "A part of the repository name starts or ends with a separator, or has separators in a row; single . or _, double __ and hyphens may stand between letters and digits.",
  );
}

/** An `@` before the first slash that is not a digest's: `user:pass@host/image`. */
function hasUserinfo(text: string): boolean {
  const at = text.indexOf("@");
  const slash = text.indexOf("/");
  return at !== -1 && slash > at;
}

function trim(text: string): string {
  let start = 0;
  let end = text.length;
  while (start < end && space.test(text.charAt(start))) start += 1;
  while (end > start && space.test(text.charAt(end - 1))) end -= 1;
  return text.slice(start, end);
}

function place(text: string, at: number): string {
  return at === 0 ? "the start" : at === text.length - 1 ? "the end" : `character ${at + 1}`;
}

function codePoint(text: string, at: number): string {
  return `U+${(text.codePointAt(at) ?? 0).toString(16).toUpperCase().padStart(4, "0")} at ${place(text, at)}`;
}

function quote(text: string): string {
  return text.length > longestEcho ? `"${text.slice(0, longestEcho)}…"` : `"${text}"`;
}
