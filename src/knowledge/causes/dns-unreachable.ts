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
  wordings: [],
  remedies: () => [
    {
      title: "Check /etc/resolv.conf on the node and the way to the DNS server it names",
      command: "cat /etc/resolv.conf",
    },
  ],
  examples: [],
});
