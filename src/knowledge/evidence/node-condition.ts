import type { CaseFile } from "../../domain/case-file.ts";
import type { Finding } from "../../domain/diagnosis.ts";
import { found } from "../../domain/read.ts";
import { saidByTheNode } from "./said-by-the-node.ts";
import { shortened } from "./sentences.ts";

/**
 * What the node's text says, borne out by the node's own conditions: then it is seen at its source and `certain`.
 * `types` are conditions as the API names them; the custom ones are node-problem-detector's.
 */
export function besideNodeCondition(file: CaseFile, code: string, types: readonly string[]): Finding | undefined {
  const finding = saidByTheNode(file, code);
  const node = found(file.node);
  if (finding === undefined || node === undefined) return finding;
  const trouble = node.troubles.find(({ type }) => types.includes(type));
  if (trouble === undefined) return finding;
  const words = [trouble.reason, trouble.message].filter((part) => part !== "").join(": ");
  const text = `Node ${node.name} has the condition ${trouble.type}${words === "" ? "" : ` (${shortened(words, 160)})`}`;
  return { ...finding, certainty: "certain", evidence: [...finding.evidence, { source: "node", text }] };
}
