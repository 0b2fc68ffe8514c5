import type { CaseFile } from "../../domain/case-file.ts";
import { type Certainty, weakest } from "../../domain/certainty.ts";
import { isLoginTrouble, showsAdmittance, stageOf } from "./code-classes.ts";
import { isLoopback, registryOf, saysElsewhere, toldByTheNode, toldCode } from "./symptoms.ts";

/** Codes of which each can be the other's wording: they agree although they differ. */
const agreeing: readonly (readonly string[])[] = [
  ["manifest-not-found", "repository-not-found", "tag-expired", "registry-retired"],
  ["platform-mismatch", "windows-version-mismatch", "manifest-not-found"],
  ["not-a-container-image", "media-type-unsupported", "manifest-invalid", "unpack-failed"],
  ["registry-server-error", "auth-server-error", "registry-bad-request"],
  [
    "permission-denied",
    "registry-policy-blocked",
    "registry-quota-or-billing",
    "terms-not-accepted",
    "ip-not-allowed",
    "geo-or-legal-block",
  ],
  ["permission-denied", "credentials-rejected", "credentials-expired"],
  [
    "access-denied-or-missing",
    "repository-not-found",
    "geo-or-legal-block",
    "registry-quota-or-billing",
    "terms-not-accepted",
  ],
  ["schema1-unsupported", "manifest-not-found", "blob-not-found"],
];

/** Whether what the node says and this verdict can be one and the same. */
export function agrees(told: string, code: string, alternatives: readonly string[]): boolean {
  if (told === code || alternatives.includes(code) || alternatives.includes("*")) return true;
  if (isLoginTrouble(told) && isLoginTrouble(code)) return true;
  return agreeing.some((codes) => codes.includes(told) && codes.includes(code));
}

/**
 * How sure a verdict from the registry's own answer may be, next to what the node says. The answer is certain; that it is
 * why *this* pull fails is less so where the node speaks of something that comes before the registry (its DNS, its proxy),
 * after it (its disk), of a mirror, or where it was let in.
 */
export function besideTheNode(file: CaseFile, code: string, certainty: Certainty): Certainty {
  const told = toldByTheNode(file);
  const said = toldCode(file);
  if (told === undefined || said === undefined) {
    const host = registryOf(file);
    const elsewhere = host !== undefined && isLoopback(host);
    return elsewhere && file.target.containerKind !== "planned" ? weakest(certainty, "likely") : certainty;
  }
  if (saysElsewhere(told)) return weakest(certainty, "likely");
  if (agrees(said, code, told.alternatives)) return certainty;
  const stage = stageOf(said);
  if (stage === "before-registry") return weakest(certainty, "possible");
  if (stage === "after-manifest" || stage === "by-place") return weakest(certainty, "likely");
  if (isLoginTrouble(code) && showsAdmittance(said)) return weakest(certainty, "likely");
  return certainty;
}
