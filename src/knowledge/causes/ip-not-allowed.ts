import { placeExamples } from "../evidence/example-parts.ts";
import { onTheNode } from "../evidence/node-remedies.ts";
import { registryAnswer } from "../evidence/registry-answer.ts";
import { registryAdvice } from "../evidence/remedies.ts";
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
  decide: (file) => registryAnswer(file, { code: "ip-not-allowed", meanings: ["address-denied"], byPlace: true }),
  remedies: (file) => [
    ...registryAdvice(file, ["address-denied"]),
    onTheNode(
      file,
      "find its outgoing address, to have it allowed at the registry's firewall",
      "curl -s https://ifconfig.me",
    ),
  ],
  examples: placeExamples("ip-not-allowed", "address-denied", 403),
});
