import { networkExamples } from "../evidence/example-parts.ts";
import { networkVerdict } from "../evidence/network.ts";
import { hostWord, plainHttpOnTheNode } from "../evidence/node-remedies.ts";
import { defineCause } from "./cause.ts";

export const httpResponseToHttps = defineCause({
  code: "http-response-to-https",
  family: "tls",
  title: "The registry speaks plain HTTP where HTTPS is expected",
  explanation:
    "The node spoke TLS and the server answered in plain HTTP. A registry without TLS must be declared so on each node; for a public registry, something on the way answers in its place.",
  retryable: false,
  looks: {
    all: "`http: server gave HTTP response to HTTPS client`; `tls: first record does not look like a TLS handshake`",
  },
  toldFrom: {
    "proxy-misconfigured": "after `proxyconnect` it is the proxy that speaks plain HTTP",
    "https-required": "the reverse",
  },
  wordings: [
    {
      writtenBy: "go",
      stage: "tls",
      pattern: /\bserver gave HTTP response to HTTPS client\b|\bfirst record does not look like a TLS handshake\b/,
      example: "http: server gave HTTP response to HTTPS client",
      source: "golang/go src/net/http/transport.go",
    },
  ],
  decide: (file) =>
    networkVerdict(file, { code: "http-response-to-https", fault: "http-response-to-https", ofTheServer: true }),
  remedies: (file) => [
    { title: "Serve the registry over TLS; that is the only fix that needs nothing on the nodes" },
    {
      title: "See whether it answers in plain HTTP",
      command: `curl -sv --max-time 20 ${hostWord(file, "http://", "/v2/")}`,
    },
    plainHttpOnTheNode(file),
  ],
  examples: networkExamples("http-response-to-https", "likely"),
});
