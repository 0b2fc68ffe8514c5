import type { CaseFile } from "../../src/domain/case-file.ts";
import { examplePod, reference } from "../../src/knowledge/evidence/example-parts.ts";

/** A case in which nothing is known but the pod and its image, plus the parts you give. */
export function caseFile(parts: Partial<CaseFile> = {}): CaseFile {
  return {
    target: examplePod,
    reference: { kind: "valid", reference },
    symptoms: [],
    pullSecrets: [],
    candidates: [],
    nearMisses: [],
    unusedSecrets: [],
    serviceAccount: { kind: "unasked", why: "not needed here" },
    node: { kind: "unasked", why: "not needed here" },
    platforms: [],
    imageUses: [],
    probes: [],
    gaps: [],
    now: "2026-11-24T12:00:00Z",
    ...parts,
  };
}
