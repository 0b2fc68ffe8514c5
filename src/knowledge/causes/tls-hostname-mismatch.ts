import { networkExamples } from "../evidence/example-parts.ts";
import { networkVerdict } from "../evidence/network.ts";
import { onTheNode, showNames } from "../evidence/node-remedies.ts";
import { defineCause } from "./cause.ts";

export const tlsHostnameMismatch = defineCause({
  code: "tls-hostname-mismatch",
  family: "tls",
  title: "The registry's certificate is for another name",
  explanation:
    "The server at that address shows a certificate that does not contain the host of the image name. Another server answers there (a default ingress certificate, a captive portal), the registry is addressed by IP or alias, or the certificate uses only the old Common Name field.",
  retryable: false,
  looks: {
    all: "`x509: certificate is valid for A, not HOST`; `cannot validate certificate for IP because it doesn't contain any IP SANs`; `relies on legacy Common Name field`",
  },
  toldFrom: {
    "tls-unknown-ca": "there the name is not even compared",
  },
  wordings: [
    {
      writtenBy: "go",
      stage: "tls",
      pattern:
        /\bx509: certificate is (?:valid for .*, not |not valid for any names)|\bdoesn't contain any IP SANs\b|\blegacy Common Name field\b|\bnot authorized to sign for this name\b|\bcertificate is valid for \S.*, not \S|\bcannot validate certificate for \S+ because\b/,
      alternatives: ["proxy-misconfigured"],
      example: "x509: certificate is valid for gateway.test, not reg.test",
      source: "golang/go src/crypto/x509/verify.go (HostnameError)",
    },
  ],
  decide: (file) =>
    networkVerdict(file, { code: "tls-hostname-mismatch", fault: "tls-hostname-mismatch", ofTheServer: true }),
  remedies: (file) => [
    {
      title:
        "See for which names the certificate is; use one of them in the image name, or issue a certificate with this name",
      command: showNames(file),
    },
    onTheNode(
      file,
      "see whether the same certificate arrives there (a proxy or an ingress may answer instead)",
      showNames(file),
    ),
  ],
  examples: networkExamples("tls-hostname-mismatch", "likely"),
});
