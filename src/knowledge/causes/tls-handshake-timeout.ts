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
  remedies: () => [
    {
      title: "From the node, repeat the handshake; if small requests work and this does not, suspect the MTU",
      command: "openssl s_client -connect HOST:443 -servername HOST </dev/null",
    },
  ],
  examples: [],
});
