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
  wordings: [],
  remedies: () => [{ title: "Add the nodes' outgoing address to the registry's firewall, or use a private endpoint" }],
  examples: [],
});
