import { type GrammarError, lowerCase, type Parts, parseParts, type ReferenceParts } from "./reference-grammar.ts";

const hub = "docker.io";

/**
 * `reference.ParseNormalizedNamed`: adds `docker.io` and `library/` (distribution/reference normalize.go). The order of the checks is theirs.
 */
export function normaliseReference(text: string): Parts {
  if (/^[a-f0-9]{64}$/.test(text)) {
    return refuse("hex-name", `invalid repository name (${text}), cannot specify 64-byte hexadecimal strings`);
  }
  const { domain, remainder } = splitDockerDomain(text);
  const colon = remainder.indexOf(":");
  const remote = colon === -1 ? remainder : remainder.slice(0, colon);
  if (lowerCase(remote) !== remote) {
    return refuse("upper-case", `invalid reference format: repository name (${remote}) must be lowercase`);
  }
  return parseParts(`${domain}/${remainder}`, "distribution");
}

/** The first component is a domain if it looks like one; otherwise the whole text is a Docker Hub path. */
function splitDockerDomain(text: string): { domain: string; remainder: string } {
  const slash = text.indexOf("/");
  const first = slash === -1 ? "" : text.slice(0, slash);
  const isDomain = first === "localhost" || /[.:]/.test(first) || lowerCase(first) !== first;
  const domain = !isDomain || first === "index.docker.io" ? hub : first;
  const remainder = isDomain ? text.slice(slash + 1) : text;
  return { domain, remainder: domain === hub && !remainder.includes("/") ? `library/${remainder}` : remainder };
}

/** `domain/path:tag@digest`, each part only where there is one. */
export function partsText({ domain, path, tag, digest }: ReferenceParts): string {
  const name = domain === "" ? path : `${domain}/${path}`;
  return `${name}${tag === undefined ? "" : `:${tag}`}${digest === undefined ? "" : `@${digest}`}`;
}

function refuse(kind: GrammarError["kind"], message: string): Parts {
  return { ok: false, error: { kind, message } };
}
