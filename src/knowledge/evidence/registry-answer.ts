import type { CaseFile } from "../../domain/case-file.ts";
import type { Finding } from "../../domain/diagnosis.ts";
import type { Meaning } from "../../domain/probe.ts";
import { grantedAsTheNode, refusedAsTheNode, secretsRead } from "./answers.ts";
import { hasLogin } from "./login-need.ts";
import { saidByTheNode } from "./said-by-the-node.ts";
import { probeEvidence, toldEvidence } from "./sentences.ts";
import { toldCode } from "./symptoms.ts";
import { besideTheNode } from "./weigh.ts";

/** How one cause is read off a registry's answer. */
export interface AnswerCause {
  readonly code: string;
  readonly meanings: readonly Meaning[];
  /** The answer depends on who asks from where, so it is about the node only where the node says the same. */
  readonly byPlace?: boolean;
}

/**
 * A cause that the registry itself names. `certain` where it answers so to a login that the kubelet has (or to nobody, where it
 * has none); `likely` where only the node's text says so; nothing where the registry gives the image to the kubelet's logins.
 */
export function registryAnswer(file: CaseFile, cause: AnswerCause): Finding | undefined {
  const { code, meanings } = cause;
  const refused = refusedAsTheNode(file, meanings);
  if (refused.length === 0 || grantedAsTheNode(file).length > 0) return saidByTheNode(file, code);
  const evidence = [...refused.map(({ probe }) => probeEvidence(probe, file.now)), ...toldEvidence(file)];
  if (cause.byPlace === true) {
    const told = toldCode(file);
    if (told === code) return { certainty: "certain", evidence };
    if (told !== undefined) return undefined;
    return {
      certainty: "likely",
      evidence,
      detail:
        "The registry answers so to this machine; to the node, which has another address, it may answer otherwise.",
    };
  }
  // Secrets that could not be read may hold a login that gets another answer.
  const known = secretsRead(file) || hasLogin(file);
  return { certainty: besideTheNode(file, code, known ? "certain" : "likely"), evidence };
}
