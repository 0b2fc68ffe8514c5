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
  remedies: () => [{ title: "Install client certificate and key for this host in the runtime's certs.d on each node" }],
  examples: [],
});
