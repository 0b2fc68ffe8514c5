import { networkExamples } from "../evidence/example-parts.ts";
import { networkVerdict } from "../evidence/network.ts";
import { showCertificate, trustOnTheNode } from "../evidence/node-remedies.ts";
import { defineCause } from "./cause.ts";

export const tlsUnknownCa = defineCause({
  code: "tls-unknown-ca",
  family: "tls",
  title: "The node does not trust the registry's certificate",
  explanation:
    "The certificate chain does not end in an authority the node knows: a private CA that was not installed for the runtime, a self-signed certificate, a missing intermediate, or a proxy that opens TLS.",
  retryable: false,
  looks: {
    all: "`x509: certificate signed by unknown authority`; newer: `tls: failed to verify certificate: x509: …`",
  },
  toldFrom: {
    "tls-hostname-mismatch": "there the authority is fine and the name is not",
  },
  wordings: [
    {
      writtenBy: "go",
      stage: "tls",
      pattern:
        /\bcertificate signed by unknown authority\b|\bcertificate is not trusted\b|\bself[- ]signed certificate\b|\bunable to get local issuer certificate\b|\bcertificate is not authorized\b|\bissuer has no (?:valid|trusted)|\bcertificate is not standards compliant\b|\bcertificate verify failed\b|\bcrypto\/rsa: verification error\b|\bfailed to load system roots\b|\bcertificate chain\b.*\bnot trusted\b/i,
      example: "tls: failed to verify certificate: x509: certificate signed by unknown authority",
      source: "golang/go src/crypto/x509/verify.go (UnknownAuthorityError)",
    },
    {
      writtenBy: "containerd",
      stage: "tls",
      pattern:
        /\bopen \S*certs\.d\/\S+\.(?:crt|cert|pem): no such file\b|\bunable to (?:load|read) CA cert\b|\bfailed to load (?:CA|x509|root CA)\b|\bfailed to (?:read|append) (?:CA|certificate)/i,
      example:
        'failed to resolve reference "reg.test/web:1": unable to load CA cert "/etc/containerd/certs.d/reg.test/ca.crt"',
      source: "containerd/containerd core/remotes/docker/config/hosts.go",
    },
  ],
  decide: (file) => networkVerdict(file, { code: "tls-unknown-ca", fault: "tls-unknown-ca" }),
  remedies: (file) => [
    {
      title: "See who issued the certificate: your own CA, a proxy that intercepts, or the server itself",
      command: showCertificate(file),
    },
    trustOnTheNode(file),
  ],
  examples: networkExamples("tls-unknown-ca", "possible"),
});
