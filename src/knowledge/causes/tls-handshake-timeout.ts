import { networkExamples } from "../evidence/example-parts.ts";
import { networkVerdict } from "../evidence/network.ts";
import { onTheNode, showCertificate } from "../evidence/node-remedies.ts";
import { defineCause } from "./cause.ts";

export const tlsHandshakeTimeout = defineCause({
  code: "tls-handshake-timeout",
  family: "tls",
  title: "The TLS handshake did not finish in time",
  explanation:
    "The connection stood, but the handshake stalled: packet loss, packets too large for the path (MTU), a filter that looks at the server name, or an overloaded server.",
  retryable: true,
  looks: {
    all: "`net/http: TLS handshake timeout`",
  },
  toldFrom: {
    "connect-timeout": "there not even the TCP connection came about",
  },
  wordings: [
    {
      writtenBy: "go",
      stage: "tls",
      pattern: /\bTLS handshake (?:timeout|timed out)\b/i,
      example: "net/http: TLS handshake timeout",
      source: "golang/go src/net/http/transport.go",
    },
  ],
  decide: (file) => networkVerdict(file, { code: "tls-handshake-timeout", fault: "tls-handshake-timeout" }),
  remedies: (file) => [
    onTheNode(
      file,
      "repeat the handshake; if it hangs while other connections work, suspect packet loss or the MTU",
      showCertificate(file),
    ),
  ],
  examples: networkExamples("tls-handshake-timeout", "possible"),
});
