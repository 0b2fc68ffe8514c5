import { normaliseReference, partsText, pulledParts } from "./normalise-reference.ts";
import { parseParts, type ReferenceParts } from "./reference-grammar.ts";

/** What a CRI-O node is configured with (registries.conf, its drop-ins, crio.conf). Aliases have no tag; an empty one is none. */
export interface ShortNameSettings {
  readonly mode: string;
  readonly searchRegistries: readonly string[];
  readonly aliases: ReadonlyMap<string, string>;
}

/** How CRI-O reads an image name: what it would ask for, in order, or the words it refuses with. */
export type ShortNameOutcome =
  | {
      readonly ok: true;
      readonly by: "fully-qualified" | "alias" | "unqualified-search";
      readonly candidates: readonly string[];
    }
  | {
      readonly ok: false;
      readonly reason: "format" | "mode" | "no-search-registries" | "ambiguous" | "search-registry";
      readonly message: string;
    };

/**
 * Whether CRI-O sees no registry in this name: `nginx`, `library/nginx`, `host/x` without a dot or port.
 * False for what does not parse (go.podman.io/image pkg/shortnames/shortnames.go:35-60).
 */
export function isShortName(text: string): boolean {
  const parsed = parseParts(text, "containers");
  return parsed.ok && isUnqualified(parsed.parts);
}

function isUnqualified({ domain }: ReferenceParts): boolean {
  return !/[.:]/.test(domain) && domain !== "localhost";
}

/**
 * CRI-O's `CandidatesForPotentiallyShortImageName` over `shortnames.Resolve` (cri-o internal/storage/image.go:1015-1044,
 * go.podman.io/image pkg/shortnames/shortnames.go): an alias wins, otherwise every search registry is a candidate;
 * `enforcing` refuses more than one. `origin` is the file named in the refusal.
 */
export function resolveShortName(
  text: string,
  settings: ShortNameSettings,
  origin = "/etc/containers/registries.conf",
): ShortNameOutcome {
  if (!["enforcing", "permissive", "disabled"].includes(settings.mode)) {
    return { ok: false, reason: "mode", message: `unsupported short-name mode (${settings.mode})` };
  }
  const parsed = parseParts(text, "containers");
  if (!parsed.ok) {
    return {
      ok: false,
      reason: "format",
      message: `cannot parse input: ${JSON.stringify(text)}: ${parsed.error.message}`,
    };
  }
  if (!isUnqualified(parsed.parts)) {
    const named = normaliseReference(text, "containers");
    return named.ok
      ? { ok: true, by: "fully-qualified", candidates: [partsText(pulledParts(named.parts))] }
      : {
          ok: false,
          reason: "format",
          message: `cannot normalize input: ${JSON.stringify(text)}: ${named.error.message}`,
        };
  }
  return fromAlias(parsed.parts, settings) ?? fromSearch(text, settings, origin);
}

function fromAlias(short: ReferenceParts, { aliases }: ShortNameSettings): ShortNameOutcome | undefined {
  const { tag, digest, ...name } = short;
  const alias = aliases.get(partsText(name));
  if (alias === undefined || alias === "") return undefined;
  const named = normaliseReference(alias, "containers");
  if (!named.ok) return undefined;
  const suffix = { ...(tag === undefined ? {} : { tag }), ...(digest === undefined ? {} : { digest }) };
  return { ok: true, by: "alias", candidates: [partsText(pulledParts({ ...named.parts, ...suffix }))] };
}

function fromSearch(text: string, { mode, searchRegistries }: ShortNameSettings, origin: string): ShortNameOutcome {
  if (searchRegistries.length === 0) {
    const message = `short-name ${JSON.stringify(text)} did not resolve to an alias and no unqualified-search registries are defined in "${origin}"`;
    return { ok: false, reason: "no-search-registries", message };
  }
  const candidates: string[] = [];
  for (const registry of searchRegistries) {
    const named = normaliseReference(`${registry}/${text}`, "containers");
    if (!named.ok) {
      const message = `creating reference with unqualified-search registry "${registry}": ${named.error.message}`;
      return { ok: false, reason: "search-registry", message };
    }
    candidates.push(partsText(pulledParts(named.parts)));
  }
  if (mode === "enforcing" && candidates.length > 1) {
    const message = `short name mode is enforcing, but image name ${text} returns ambiguous list`;
    return { ok: false, reason: "ambiguous", message };
  }
  return { ok: true, by: "unqualified-search", candidates };
}
