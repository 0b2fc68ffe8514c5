import type { ParsedReference } from "../domain/image-reference.ts";
import { splitContainerdName } from "./containerd-name.ts";
import { normaliseReference, partsText } from "./normalise-reference.ts";
import type { ReferenceParts } from "./reference-grammar.ts";
import { referenceProblem } from "./reference-problem.ts";

/**
 * The image of a pod as the kubelet and containerd read it (`reference.ParseNormalizedNamed`; kubernetes pkg/util/parsers/parsers.go).
 * What is valid has a host that may be asked: userinfo, schemes, `?`, `#`, `\` and control characters never pass the grammar.
 */
export function parseReference(text: string): ParsedReference {
  const named = normaliseReference(text);
  if (!named.ok) {
    return { kind: "invalid", text, problem: referenceProblem(text, named.error) };
  }
  const { tag, digest } = named.parts;
  const { domain, path } = withHost(named.parts);
  const chosen = tag ?? (digest === undefined ? "latest" : undefined);
  return {
    kind: "valid",
    reference: {
      text,
      registry: domain,
      repository: path,
      ...(chosen === undefined ? {} : { tag: chosen }),
      ...(digest === undefined ? {} : { digest }),
    },
  };
}

/** A host with an underscore is no domain to the grammar, yet containerd asks it. */
function withHost(parts: ReferenceParts): { readonly domain: string; readonly path: string } {
  const asked = parts.domain === "" ? splitContainerdName(partsText(parts)) : undefined;
  return typeof asked === "object" ? { domain: asked.host, path: asked.path } : parts;
}
