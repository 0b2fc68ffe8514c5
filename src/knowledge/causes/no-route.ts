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
        /\bno route to host\b|\bnetwork is unreachable\b|\bhost is (?:unreachable|down)\b|\bcannot assign requested address\b|\bunreachable (?:network|host)\b|\baddress family not supported\b|\bno suitable address found\b/i,
      example: "dial tcp [2001:db8::10]:443: connect: network is unreachable",
      source: "golang/go src/syscall/zerrors_linux_amd64.go (EHOSTUNREACH, ENETUNREACH)",
    },
  ],
  remedies: () => [
    {
      title: "Check the node's routes, and whether the name resolves to an address family the node has",
      command: "ip route get ADDRESS",
    },
  ],
  examples: [],
});
