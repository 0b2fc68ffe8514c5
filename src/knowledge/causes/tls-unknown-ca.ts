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
  wordings: [],
  remedies: () => [
    {
      title:
        "Install the registry's CA for the runtime on each node (containerd: certs.d/HOST/hosts.toml; Docker and CRI-O: certs.d/HOST/ca.crt)",
    },
  ],
  examples: [],
});
