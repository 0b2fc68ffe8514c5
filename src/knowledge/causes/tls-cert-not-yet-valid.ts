import { networkExamples } from "../evidence/example-parts.ts";
import { networkVerdict } from "../evidence/network.ts";
import { onTheNode, showValidity } from "../evidence/node-remedies.ts";
import { defineCause } from "./cause.ts";

export const tlsCertNotYetValid = defineCause({
  code: "tls-cert-not-yet-valid",
  family: "tls",
  title: "The registry's certificate is not valid yet, by the node's clock",
  explanation:
    "The certificate's start date lies after the time on the node. Nearly always the node's clock is behind, for instance after a start without a battery-backed clock.",
  retryable: false,
  looks: {
    all: "`x509: certificate has expired or is not yet valid: current time N is before Y`",
  },
  toldFrom: {
    "tls-cert-expired": "the same sentence; `is after` tells",
  },
  wordings: [
    {
      writtenBy: "go",
      stage: "tls",
      pattern:
        /\bcertificate has expired or is not yet valid: current time \S+ is before\b|\bcertificate is not yet valid\b/,
      example:
        "tls: failed to verify certificate: x509: certificate has expired or is not yet valid: current time 2020-01-01T00:00:00Z is before 2026-01-01T00:00:00Z",
      source: "golang/go src/crypto/x509/verify.go",
    },
  ],
  decide: (file) =>
    networkVerdict(file, { code: "tls-cert-not-yet-valid", fault: "tls-cert-not-yet-valid", ofTheServer: true }),
  remedies: (file) => [
    onTheNode(file, "read the clock; if it is behind, repair the time service", "timedatectl"),
    { title: "See from when the certificate is valid", command: showValidity(file) },
  ],
  examples: networkExamples("tls-cert-not-yet-valid", "likely"),
});
