import { networkExamples } from "../evidence/example-parts.ts";
import { networkVerdict } from "../evidence/network.ts";
import { nameWord, onTheNode } from "../evidence/node-remedies.ts";
import { defineCause } from "./cause.ts";

export const dnsServerFailure = defineCause({
  code: "dns-server-failure",
  family: "dns",
  title: "The node's DNS server answered with an error",
  explanation:
    'The resolver on the node was reached but could not answer (SERVFAIL, REFUSED, or "temporary failure"). The name may well exist. Often the node-local resolver has lost its upstream.',
  retryable: true,
  looks: {
    all: "`lookup HOST on SERVER:53: server misbehaving`; `Temporary failure in name resolution`",
  },
  toldFrom: {
    "dns-unreachable": "there no answer came; `Temporary failure` can be either",
    "dns-nxdomain": 'there the answer was "no such name"',
  },
  wordings: [
    {
      writtenBy: "go",
      stage: "dns",
      pattern:
        /\bserver misbehaving\b|\bTemporary failure in name resolution\b|\btemporary error during hostname resolution\b|\bcannot unmarshal DNS message\b|\bnon-recoverable failure in name resolution\b|\blookup .*: (?:Try again|no answer from DNS server|device or resource busy|lame referral|invalid DNS response)/i,
      alternatives: ["dns-unreachable"],
      example: "dial tcp: lookup reg.test on 127.0.0.53:53: server misbehaving",
      source: "golang/go src/net/dnsclient_unix.go (errServerMisbehaving)",
    },
    {
      writtenBy: "go",
      stage: "tls",
      // A whole sentence: a text that was cut short is not judged.
      pattern: /\bdial (?:tcp|udp)[46]?: lookup [^\s:]+: (?:getaddrinfow: )?[A-Z][^:]{9,200}\.$/,
      alternatives: ["dns-nxdomain", "dns-unreachable"],
      example: "dial tcp: lookup reg.test: getaddrinfow: A non-recoverable error occurred during a database lookup.",
      source: "golang/go src/net/lookup_windows.go (whatever the system's resolver answers)",
    },
  ],
  decide: (file) => networkVerdict(file, { code: "dns-server-failure", fault: "dns-server-failure" }),
  remedies: (file) => [
    onTheNode(
      file,
      "ask the DNS server that the node uses, then look at that server's upstream",
      `resolvectl query ${nameWord(file)}`,
    ),
  ],
  examples: networkExamples("dns-server-failure", "possible"),
});
