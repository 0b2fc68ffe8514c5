import { asked, refused, said, unreachable } from "../evidence/example-parts.ts";
import { networkVerdict } from "../evidence/network.ts";
import { clientCertificateOnTheNode, showCertificate } from "../evidence/node-remedies.ts";
import { defineCause } from "./cause.ts";

export const tlsClientCertificateRequired = defineCause({
  code: "tls-client-certificate-required",
  family: "tls",
  title: "The registry wants a client certificate",
  explanation:
    "The registry asks every client for a certificate, and the node shows none, or none that it accepts. The certificate is configured for the runtime on each node, not in the cluster.",
  retryable: false,
  looks: {
    all: "`remote error: tls: certificate required`; `400 No required SSL certificate was sent`",
  },
  toldFrom: {
    "tls-handshake-failed": "what the text says; the server's certificate request, seen by a probe, decides",
  },
  wordings: [
    {
      writtenBy: "registry",
      stage: "phrase",
      pattern: /\bNo required SSL certifica|\bSSL certificate error\b/,
      alternatives: ["tls-handshake-failed"],
      example: `error parsing HTTP 400 response body: invalid character '<' looking for beginning of value: "<html><title>400 No required SSL certificate was sent</title></html>"`,
      source: "nginx/nginx src/http/ngx_http_special_response.c",
    },
  ],
  decide: (file) =>
    networkVerdict(file, {
      code: "tls-client-certificate-required",
      fault: "tls-client-certificate-required",
      // nginx ends the handshake well and answers 400; others send an alert, or close.
      alsoToldAs: ["tls-handshake-failed", "registry-bad-request", "connection-reset", "permission-denied"],
      ofTheServer: true,
    }),
  remedies: (file) => [
    clientCertificateOnTheNode(file),
    { title: "See which authorities the server accepts client certificates of", command: showCertificate(file) },
  ],
  examples: [
    {
      name: "the node got 400, and from here a client certificate is asked for",
      file: {
        symptoms: [said("registry-bad-request")],
        probes: [asked(unreachable("tls-client-certificate-required", "tls"))],
      },
      finds: "certain",
    },
    {
      name: "only from here, the node names no cause",
      file: { probes: [asked(unreachable("tls-client-certificate-required", "tls"))] },
      finds: "likely",
    },
    {
      name: "the node's text says it in full",
      file: { symptoms: [said("tls-client-certificate-required")] },
      finds: "likely",
    },
    {
      name: "near miss: the node got 400, and nobody asked",
      file: { symptoms: [said("registry-bad-request")] },
      finds: undefined,
    },
    {
      name: "near miss: the node has a certificate, and a missing tag",
      file: {
        symptoms: [said("manifest-not-found")],
        probes: [asked(unreachable("tls-client-certificate-required", "tls"))],
      },
      finds: undefined,
    },
    {
      name: "near miss: a 400 from here, too",
      file: { symptoms: [said("registry-bad-request")], probes: [asked(refused("bad-request", 400))] },
      finds: undefined,
    },
  ],
});
