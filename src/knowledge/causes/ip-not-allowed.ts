import { defineCause } from "./cause.ts";

export const ipNotAllowed = defineCause({
  code: "ip-not-allowed",
  family: "registry",
  title: "The registry does not accept the node's address",
  explanation:
    "The registry has a firewall, and the address the node comes from is not on its list. A test from another machine proves nothing: it comes from another address.",
  retryable: false,
  looks: {
    registry: "`denied: client with IP 'A' is not allowed access`",
  },
  toldFrom: {
    "permission-denied": "there the identity matters, not the address",
  },
  wordings: [
    {
      writtenBy: "registry",
      stage: "phrase",
      pattern:
        /\bclient with IP '?[^' ]*'? is not allowed\b|\bPrivate-only access is enabled\b|\bIP (?:address )?\S{0,50} ?(?:is|was) not (?:allowed|permitted|whitelisted|authorized|in)\b|\baka\.ms\/acr\/firewall\b|\bpublic (?:network )?access is (?:disabled|denied|not allowed|off)\b|\byour IP\b.{0,60}\b(?:blocked|banned|denied|not allowed)/i,
      alternatives: ["permission-denied"],
      example:
        "denied: client with IP '192.0.2.7' is not allowed access. Refer https://aka.ms/acr/firewall to grant access.",
      source: "https://aka.ms/acr/firewall",
    },
  ],
  remedies: () => [{ title: "Add the nodes' outgoing address to the registry's firewall, or use a private endpoint" }],
  examples: [],
});
