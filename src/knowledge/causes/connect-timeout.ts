import { networkExamples } from "../evidence/example-parts.ts";
import { networkVerdict } from "../evidence/network.ts";
import { askRegistry, onTheNode } from "../evidence/node-remedies.ts";
import { defineCause } from "./cause.ts";

export const connectTimeout = defineCause({
  code: "connect-timeout",
  family: "network",
  title: "The registry's address does not answer",
  explanation:
    "Packets to the address get no reply: a firewall drops them, the node has no way out, routing is wrong, or DNS gave a false address. If nodes reach the internet only through a proxy, a runtime that was not told about it looks like this.",
  retryable: true,
  looks: {
    containerd: "`dial tcp ADDRESS:443: i/o timeout`; `connect: connection timed out`",
    "CRI-O": "the same behind `pinging container registry HOST`",
    Docker:
      "`net/http: request canceled while waiting for connection (Client.Timeout exceeded while awaiting headers)`",
  },
  toldFrom: {
    "response-timeout": "there the connection stood, and only the answer is missing",
    "dns-unreachable": "there the silent peer is port 53",
    "blob-store-blocked": "there the silent host is the one that serves layers",
    "proxy-misconfigured": "a runtime without the proxy it needs gives these words",
  },
  wordings: [
    {
      writtenBy: "go",
      stage: "network",
      pattern:
        /\bdial tcp.*(?:i\/o timeout|connection timed out|deadline exceeded|operation timed out)|\bconnect: (?:connection|operation) timed out\b|\bwhile waiting for connection\b|\bconnected party did not properly respond\b|\bsemaphore timeout\b/i,
      alternatives: ["proxy-misconfigured", "geo-or-legal-block"],
      example: "dial tcp 192.0.2.10:443: i/o timeout",
      source: "golang/go src/net/dial.go; src/net/http/client.go",
    },
    {
      writtenBy: "go",
      stage: "umbrella",
      pattern: /^i\/o timeout$/,
      alternatives: ["response-timeout", "dns-unreachable"],
      example: 'failed to resolve reference "reg.test/web:1": i/o timeout',
      source: "golang/go src/net/net.go (errTimeout)",
    },
  ],
  decide: (file) => networkVerdict(file, { code: "connect-timeout", fault: "connect-timeout" }),
  remedies: (file) => [
    onTheNode(
      file,
      "connect to the registry; if it times out, look at egress rules, routes and the runtime's proxy setting",
      askRegistry(file),
    ),
    { title: "Compare with the answer from here", command: askRegistry(file) },
  ],
  examples: networkExamples("connect-timeout", "possible"),
});
