import type { CaseFile } from "../../domain/case-file.ts";
import type { Finding } from "../../domain/diagnosis.ts";
import type { ManifestFacts } from "../../domain/probe.ts";
import { manifestsSeen } from "./answers.ts";
import { saidByTheNode } from "./said-by-the-node.ts";
import { toldEvidence } from "./sentences.ts";
import { besideTheNode } from "./weigh.ts";

/** A cause that what the registry gives shows by itself. */
export interface ContentCause {
  readonly code: string;
  readonly fits: (facts: ManifestFacts, file: CaseFile) => boolean;
  /** The headline, from what was seen. */
  readonly says: (facts: ManifestFacts) => string;
}

/** `certain` where the manifest that the registry gives shows it, `likely` where only the node's text does. */
export function contentFinding(file: CaseFile, { code, fits, says }: ContentCause): Finding | undefined {
  const seen = manifestsSeen(file).find(({ facts }) => fits(facts, file));
  if (seen === undefined) return saidByTheNode(file, code);
  const title = says(seen.facts);
  return {
    certainty: besideTheNode(file, code, "certain"),
    title,
    evidence: [{ source: "registry", text: title, at: file.now }, ...toldEvidence(file)],
  };
}
