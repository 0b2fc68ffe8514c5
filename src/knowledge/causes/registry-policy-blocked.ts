import { defineCause } from "./cause.ts";

export const registryPolicyBlocked = defineCause({
  code: "registry-policy-blocked",
  family: "registry",
  title: "A policy of the registry blocks this image",
  explanation:
    "The registry holds the image and does not give it out: too many vulnerabilities, no signature, or not on an allow-list. A node's registries.conf can block a registry in the same way.",
  retryable: false,
  looks: {
    containerd: "`403 Forbidden - Server message: denied: … not in the allowlist`",
    "CRI-O": "`registry HOST is blocked in …` (a file on the node)",
    Docker:
      "`current image with N vulnerabilities cannot be pulled due to configured policy`; `The image is not signed in Notary.`",
  },
  toldFrom: {
    "signature-rejected": "there the node itself refuses",
    "permission-denied": "there a right is missing",
  },
  wordings: [],
  remedies: () => [
    { title: "Mend the image so that it satisfies the policy, or have it exempted by the registry's administrator" },
  ],
  examples: [],
});
