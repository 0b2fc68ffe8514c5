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
  remedies: () => [
    { title: "Renew the registry's certificate; if it is valid today, set the node's clock", command: "timedatectl" },
  ],
  examples: [],
});
