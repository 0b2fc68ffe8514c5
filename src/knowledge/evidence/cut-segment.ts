import type { CaseFile } from "../../domain/case-file.ts";
import { type Credential, credentialLabel } from "../../domain/credential.ts";
import type { Evidence } from "../../domain/diagnosis.ts";

/**
 * A warning where a login's key ends in the middle of a part of the image's path: `reg.test/team` for `reg.test/teamx/web`.
 * The kubelet compares paths as text, so it sends a login that was meant for somebody else's images
 * (kubernetes pkg/credentialprovider/keyring.go URLsMatch).
 */
export function cutSegment({ reference }: CaseFile, credential: Credential): Evidence | undefined {
  if (reference.kind !== "valid") return undefined;
  const { registry, repository } = reference.reference;
  const [, ...parts] = credential.source.key.replace(/^https?:\/\//, "").split("/");
  const path = (parts.length > 1 && /^v[12]$/.test(parts[0] ?? "") ? parts.slice(1) : parts).join("/");
  const next = repository.charAt(path.length);
  if (path === "" || path.endsWith("/") || next === "" || next === "/" || !repository.startsWith(path))
    return undefined;
  return {
    source: "pull secret",
    text: `The login in ${credentialLabel(credential)} is for ${path}, and goes to ${registry}/${repository}, too: the kubelet compares paths letter by letter`,
  };
}
