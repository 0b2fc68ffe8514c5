import { answerExamples, configExamples } from "../evidence/example-parts.ts";
import { byNodeConfig, configEvidence, nodeConfigOf } from "../evidence/node-config.ts";
import { onTheNode } from "../evidence/node-remedies.ts";
import { registryAnswer } from "../evidence/registry-answer.ts";
import { registryAdvice } from "../evidence/remedies.ts";
import { shortened } from "../evidence/sentences.ts";
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
  wordings: [
    {
      writtenBy: "registry",
      stage: "phrase",
      pattern:
        /\bcannot be pulled due to\b|\bimage is not signed (?:by|in)\b|\bnot (?:in|on) the (?:allow|white) ?list\b|\bdownload blocking policy\b|\bArtifact download request rejected\b|\bseverity of vulnerability of the image\b|\b(?:blocked|rejected|prevented|denied) (?:by|due to) (?:an? |the )?(?:\S+ )?(?:security |vulnerability |download |organization )?polic|\bquarantined\b|\bpolicy violation\b|\bPROJECT_?POLICY_?VIOLATION\b|\bprecondition failed\b/i,
      alternatives: ["permission-denied", "signature-rejected"],
      example:
        "unknown: current image with 3 vulnerabilities cannot be pulled due to configured policy in 'Prevent images with vulnerability severity of \"High\" or higher from running.'",
      source: "goharbor/harbor src/server/middleware/vulnerable/vulnerable.go",
    },
    {
      writtenBy: "cri-o",
      stage: "phrase",
      pattern: /\bregistry \S+ is blocked in\b/,
      example: "registry reg.test is blocked in /etc/containers/registries.conf or /etc/containers/registries.conf.d",
      source: "containers/container-libs image/docker/docker_client.go",
    },
    {
      writtenBy: "registry",
      stage: "status",
      pattern: /^/,
      when: (text) => text.facts.status === 412,
      example: "pulling from host reg.test failed with status code [manifests 1]: 412 Precondition Failed",
      source: "goharbor/harbor src/server/middleware/contenttrust/contentrust.go",
    },
  ],
  decide(file) {
    const blockedBy = nodeConfigOf(file)?.blockedBy;
    if (blockedBy === undefined)
      return registryAnswer(file, { code: "registry-policy-blocked", meanings: ["policy-blocked"] });
    const prefix = shortened(blockedBy, 120);
    const evidence = configEvidence(`registries.conf blocks "${prefix}": CRI-O refuses the image and asks nobody`);
    const finding = byNodeConfig(
      file,
      "registry-policy-blocked",
      `The node's registries.conf blocks ${prefix}`,
      evidence,
    );
    return { ...finding, detail: "Here it is the node that refuses, before it asks anybody." };
  },
  remedies: (file) =>
    nodeConfigOf(file)?.blockedBy === undefined
      ? [
          ...registryAdvice(file, ["policy-blocked"]),
          {
            title:
              "Mend the image so that it satisfies the policy, or have the registry's administrator exempt it; no login helps",
          },
        ]
      : [
          onTheNode(
            file,
            "find what blocks it, and ask whoever keeps the node's configuration; the image may have to come from elsewhere",
            "grep -rn -B3 -e blocked -e registries.block /etc/containers/registries.conf /etc/containers/registries.conf.d",
          ),
        ],
  examples: [
    ...answerExamples("registry-policy-blocked", "policy-blocked", 412),
    ...configExamples("registry-policy-blocked", { way: [], blockedBy: "registry.example.com" }),
  ],
});
