import { networkExamples } from "../evidence/example-parts.ts";
import { networkVerdict } from "../evidence/network.ts";
import { askRegistry, onTheNode } from "../evidence/node-remedies.ts";
import { defineCause } from "./cause.ts";

export const connectionReset = defineCause({
  code: "connection-reset",
  family: "network",
  title: "The connection was closed by the other side",
  explanation:
    "The registry, or something on the way to it, closed the connection before an answer was complete. Load balancers, firewalls that filter by name, and idle limits do this; a single occurrence mends itself.",
  retryable: true,
  looks: {
    all: '`read: connection reset by peer`; `Head "URL": EOF`; `use of closed network connection`',
  },
  toldFrom: {
    "transfer-interrupted": "there it happened in the middle of a layer",
    "tls-handshake-failed": "there the peer sent a TLS alert",
    "blob-store-blocked": "there the host is the one that serves layers",
  },
  wordings: [
    {
      // Many a server that wants TLS hangs up on a client that does not speak it.
      writtenBy: "go",
      stage: "network",
      pattern: /(?:^|: )(?:EOF|read: connection reset by peer)\.?$/,
      when: (text) => text.scheme === "http" && text.heads.at(-1) !== "reading",
      alternatives: ["https-required", "transfer-interrupted"],
      example: 'failed to do request: Head "http://reg.test:5000/v2/web/manifests/1": EOF',
      source: "golang/go src/net/http/transport.go",
    },
    {
      writtenBy: "go",
      stage: "network",
      pattern:
        /\bconnection reset by peer\b|\bbroken pipe\b|\bforcibly closed by the remote host\b|\bconnection was aborted\b|\bsoftware caused connection abort\b/i,
      when: (text) => text.heads.at(-1) !== "reading",
      alternatives: ["transfer-interrupted"],
      example: "read tcp 192.0.2.7:40000->192.0.2.10:443: read: connection reset by peer",
      source: "golang/go src/syscall/zerrors_linux_amd64.go (ECONNRESET, EPIPE)",
    },
    {
      writtenBy: "go",
      stage: "network",
      pattern:
        /(?:^|: )EOF\.?$|\buse of closed network connection\b|\bserver closed idle connection\b|\bclient connection lost\b|\bserver sent GOAWAY\b|\bgraceful shutdown GOAWAY\b|\btransport connection broken\b(?!.*malformed)|\bclient connection force closed\b/,
      when: (text) => text.heads.at(-1) !== "reading",
      example: 'Head "https://reg.test/v2/web/manifests/1": EOF',
      source: "golang/go src/net/http/transport.go",
    },
    {
      writtenBy: "go",
      stage: "network",
      pattern: /^unexpected EOF$/,
      when: (text) => text.heads.at(-1) === "request" && text.facts.operation !== "blob",
      alternatives: ["transfer-interrupted"],
      example: 'Get "https://reg.test/v2/": unexpected EOF',
      source: "golang/go src/net/http/transport.go",
    },
  ],
  decide: (file) => networkVerdict(file, { code: "connection-reset", fault: "connection-reset" }),
  remedies: (file) => [
    onTheNode(
      file,
      "repeat the request; if it is cut each time, look for a firewall, proxy or SNI filter on the way",
      askRegistry(file),
    ),
  ],
  examples: networkExamples("connection-reset", "possible"),
});
