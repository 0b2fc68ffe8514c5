import { networkExamples } from "../evidence/example-parts.ts";
import { networkVerdict } from "../evidence/network.ts";
import { onTheNode, showCertificate } from "../evidence/node-remedies.ts";
import { defineCause } from "./cause.ts";

/** Sentences of other causes that begin like one of this. */
const cutSentences: readonly string[] = [
  "tls: failed to verify certificate: x509: certificate signed by unknown authority",
  "tls: failed to verify certificate: x509: cannot validate certificate for",
  "tls: first record does not look like a TLS handshake",
  "tls: bad record MAC",
  "x509: certificate signed by unknown authority",
  "x509: cannot validate certificate for",
];

export const tlsHandshakeFailed = defineCause({
  code: "tls-handshake-failed",
  family: "tls",
  title: "The TLS handshake was refused",
  explanation:
    "One side ended the handshake with an alert: no common protocol version or cipher, an unknown server name, or a client certificate that the server wants and the node does not send.",
  retryable: false,
  looks: {
    all: "`remote error: tls: handshake failure`; `tls: certificate required`; `unrecognized name`; `server selected unsupported protocol version`",
  },
  toldFrom: {
    "connection-reset": "there the connection was closed without an alert",
    "tls-client-certificate-required": "one reason for it, which a probe can show",
  },
  wordings: [
    {
      writtenBy: "go",
      stage: "tls",
      pattern:
        /\b(?:remote|local) error: tls: (?:bad certificate|certificate required|unknown certificate|expired certificate)/,
      alternatives: ["tls-client-certificate-required"],
      example: "remote error: tls: certificate required",
      source: "golang/go src/crypto/tls/alert.go",
    },
    {
      writtenBy: "go",
      stage: "tls",
      pattern:
        /^(?!.*(?:unknown authority|certificate has expired|not trusted|system roots)).*(?:\b(?:remote|local) error: tls: (?!bad record MAC)|\btls: (?!failed to verify|first record|bad record MAC)\S|\bx509: (?!certificate|cannot validate|\u201c)|\bSSL routines\b|\bsslv3 alert\b|\bmissing (?:key|client certificate) .{0,120}\bcertificate\b)/s,
      // Not where a longer sentence was cut off behind `tls: ` or `x509: `.
      when: ({ words }) =>
        !cutSentences.some((sentence) => sentence.startsWith(/\b(?:tls|x509): .*$/s.exec(words)?.[0] ?? "-")),
      example: "remote error: tls: handshake failure",
      source: "golang/go src/crypto/tls/alert.go",
    },
  ],
  decide: (file) =>
    networkVerdict(file, { code: "tls-handshake-failed", fault: "tls-handshake-failed", ofTheServer: true }),
  remedies: (file) => [
    onTheNode(file, "see which version, cipher or client certificate the server asks for", showCertificate(file)),
  ],
  examples: networkExamples("tls-handshake-failed", "likely"),
});
