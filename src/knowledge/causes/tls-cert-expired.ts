import type { CaseFile } from "../../domain/case-file.ts";
import { unreachableProbe } from "../evidence/answers.ts";
import { networkExamples } from "../evidence/example-parts.ts";
import { networkVerdict } from "../evidence/network.ts";
import { onTheNode, showValidity } from "../evidence/node-remedies.ts";
import { toldByTheNode } from "../evidence/symptoms.ts";
import { defineCause } from "./cause.ts";

export const tlsCertExpired = defineCause({
  code: "tls-cert-expired",
  family: "tls",
  title: "The registry's certificate has expired, by the node's clock",
  explanation:
    "The certificate's end date lies before the time on the node. Either the certificate really is out of date, or the node's clock runs ahead, or an old trust store follows an expired root.",
  retryable: false,
  looks: {
    all: "`x509: certificate has expired or is not yet valid: current time N is after Y`",
  },
  toldFrom: {
    "tls-cert-not-yet-valid": "the same sentence; `is before` instead of `is after` tells",
    "credentials-expired": "there a token, not a certificate, is too old",
  },
  wordings: [
    {
      writtenBy: "go",
      stage: "tls",
      pattern:
        /\bcertificate has expired or is not yet valid: current time \S+ is after\b|\bcertificate (?:has|is) expired\b(?! or)/i,
      example:
        "x509: certificate has expired or is not yet valid: current time 2026-01-02T00:00:00Z is after 2026-01-01T00:00:00Z",
      source: "golang/go src/crypto/x509/verify.go",
    },
    {
      writtenBy: "go",
      stage: "tls",
      pattern: /\bcertificate has expired or is not yet valid(?!: current time \S+ is (?:after|before) )/,
      alternatives: ["tls-cert-not-yet-valid"],
      example: "x509: certificate has expired or is not yet valid",
      source: "golang/go src/crypto/x509/verify.go@go1.14",
    },
  ],
  decide(file) {
    const finding = networkVerdict(file, { code: "tls-cert-expired", fault: "tls-cert-expired", ofTheServer: true });
    if (finding === undefined || finding.certainty === "certain") return finding;
    const note = clockNote(file);
    return note === undefined ? finding : { ...finding, detail: note };
  },
  remedies: (file) => [
    {
      title: "See until when the certificate is valid, and renew it on the registry if it is over",
      command: showValidity(file),
    },
    onTheNode(file, "if it is valid today, read the node's clock", "timedatectl"),
  ],
  examples: networkExamples("tls-cert-expired", "likely"),
});

/** What speaks for the node's clock, or for a certificate that was renewed since: the node calls it expired, and we do not. */
function clockNote(file: CaseFile): string | undefined {
  const told = toldByTheNode(file);
  const { nodeTime } = told?.facts ?? {};
  const at = told?.failure.at;
  const day = 86_400_000;
  if (nodeTime !== undefined && at !== undefined && Math.abs(Date.parse(nodeTime) - Date.parse(at)) > day)
    return `The node's clock said ${nodeTime} when the event was written at ${at}: it is the clock that is wrong.`;
  const served = file.probes.some(({ answer }) => answer.kind === "granted" || answer.kind === "refused");
  if (!served || unreachableProbe(file) !== undefined) return undefined;
  return "From here the certificate is valid: it was renewed since, the node's clock is wrong, or the node has an old list of authorities.";
}
