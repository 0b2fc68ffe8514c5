import { networkExamples } from "../evidence/example-parts.ts";
import { networkVerdict } from "../evidence/network.ts";
import { nameWord, onTheNode } from "../evidence/node-remedies.ts";
import { defineCause } from "./cause.ts";

export const noRoute = defineCause({
  code: "no-route",
  family: "network",
  title: "The node has no route to the registry's address",
  explanation:
    "The node's own network stack refused: there is no route, or no network of that kind at all. An IPv6 address on a node that has only IPv4 is a frequent form.",
  retryable: true,
  looks: {
    all: "`connect: no route to host`; `connect: network is unreachable`; `cannot assign requested address`",
  },
  toldFrom: {
    "connect-timeout": "there packets leave and nothing comes back",
  },
  wordings: [
    {
      writtenBy: "go",
      stage: "network",
      pattern:
        /\bno route to host\b|\bnetwork is (?:unreachable|down)\b|\bhost is (?:unreachable|down)\b|\bcannot assign requested address\b|\bunreachable (?:network|host)\b|\baddress family not supported\b|\bno suitable address found\b/i,
      example: "dial tcp [2001:db8::10]:443: connect: network is unreachable",
      source: "golang/go src/syscall/zerrors_linux_amd64.go (EHOSTUNREACH, ENETUNREACH)",
    },
  ],
  decide: (file) => networkVerdict(file, { code: "no-route", fault: "no-route" }),
  remedies: (file) => [
    onTheNode(
      file,
      "see which addresses the name has, and whether the node has a route for that family (IPv4 or IPv6)",
      `getent ahosts ${nameWord(file)} && ip route && ip -6 route`,
    ),
  ],
  examples: networkExamples("no-route", "possible"),
});
