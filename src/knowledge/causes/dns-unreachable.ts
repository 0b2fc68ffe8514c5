import { networkExamples } from "../evidence/example-parts.ts";
import { networkVerdict } from "../evidence/network.ts";
import { nameWord, onTheNode } from "../evidence/node-remedies.ts";
import { defineCause } from "./cause.ts";

export const dnsUnreachable = defineCause({
  code: "dns-unreachable",
  family: "dns",
  title: "The node's DNS server does not answer",
  explanation:
    "The question went to the DNS server named in the text and nothing came back, or the port is closed. The registry was never contacted; repair the resolver or the way to it.",
  retryable: true,
  looks: {
    all: "`lookup HOST on SERVER:53: read udp A->SERVER:53: i/o timeout`, or `connection refused` in the same place",
  },
  toldFrom: {
    "connect-timeout": "same last words, but there the silent peer is the registry",
    "connect-refused": "same last words, but there the peer is the registry",
  },
  wordings: [
    {
      writtenBy: "go",
      stage: "dns",
      pattern:
        /\blookup \S.*\b(?:i\/o timeout|timed out|connection refused|network is unreachable|no route to host|operation not permitted|deadline exceeded|connection reset by peer|host is unreachable|permission denied)/,
      alternatives: ["dns-server-failure"],
      example: "dial tcp: lookup reg.test on 192.0.2.53:53: read udp 192.0.2.7:40000->192.0.2.53:53: i/o timeout",
      source: "golang/go src/net/dnsclient_unix.go",
    },
    {
      writtenBy: "go",
      stage: "dns",
      pattern: /\b(?:read|write|dial) udp \S+53: .*(?:timeout|refused|unreachable)/,
      example: "read udp 192.0.2.7:40000->192.0.2.53:53: read: connection refused",
      source: "golang/go src/net/dnsclient_unix.go",
    },
  ],
  decide: (file) => networkVerdict(file, { code: "dns-unreachable", fault: "dns-unreachable" }),
  remedies: (file) => [
    onTheNode(
      file,
      "see which DNS server is used, and whether UDP and TCP port 53 of it can be reached",
      "cat /etc/resolv.conf",
    ),
    onTheNode(file, "look the name up", `getent hosts ${nameWord(file)}`),
  ],
  examples: networkExamples("dns-unreachable", "possible"),
});
