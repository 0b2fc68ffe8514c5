import { parseParts } from "./reference-grammar.ts";

/**
 * Whether CRI-O sees no registry in this name: `nginx`, `library/nginx`, `host/x` without a dot or port.
 * False for what does not parse (go.podman.io/image pkg/shortnames/shortnames.go:35-60).
 */
export function isShortName(text: string): boolean {
  const parsed = parseParts(text, "containers");
  return parsed.ok && !/[.:]/.test(parsed.parts.domain) && parsed.parts.domain !== "localhost";
}
