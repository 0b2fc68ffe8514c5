import { controllerExamples } from "../evidence/example-parts.ts";
import { inNamespace } from "../evidence/remedies.ts";
import { saidByController } from "../evidence/said-by-the-node.ts";
import { defineCause } from "./cause.ts";

export const quotaExceeded = defineCause({
  code: "quota-exceeded",
  family: "admission",
  title: "The namespace's quota does not allow another pod",
  explanation:
    "The pod was never created: a ResourceQuota is used up, or demands limits that the pod does not set; a LimitRange can refuse in the same way.",
  retryable: false,
  looks: {
    controller: "`exceeded quota: NAME, requested: …, used: …, limited: …`; `failed quota: NAME: must specify …`",
  },
  toldFrom: {
    "registry-quota-or-billing": "that is the registry account's quota",
  },
  wordings: [
    {
      writtenBy: "controller",
      stage: "kubelet",
      pattern:
        /\bexceeded quota: |\bfailed quota: |\binsufficient quota\b|\bmaximum \w+ usage per (?:Container|Pod)\b|\bminimum \w+ usage per (?:Container|Pod)\b/,
      example:
        'Error creating: pods "web-0" is forbidden: exceeded quota: team, requested: pods=1, used: pods=10, limited: pods=10',
      source: "kubernetes/kubernetes staging/src/k8s.io/apiserver/pkg/admission/plugin/resourcequota/controller.go",
    },
  ],
  decide: (file) => saidByController(file, "quota-exceeded"),
  remedies: (file) => [
    {
      title: "Free or raise the quota, or set the requests and limits that it asks for",
      command: `kubectl describe quota ${inNamespace(file.target.namespace)}`,
    },
  ],
  examples: controllerExamples("quota-exceeded"),
});
