import { controllerExamples } from "../evidence/example-parts.ts";
import { saidByController } from "../evidence/said-by-the-node.ts";
import { defineCause } from "./cause.ts";

export const admissionUnavailable = defineCause({
  code: "admission-unavailable",
  family: "admission",
  title: "An admission webhook could not be asked",
  explanation:
    "The pod was not created because a webhook that must agree could not be reached or failed. It says nothing about the image.",
  retryable: true,
  looks: {
    controller: '`Internal error occurred: failed calling webhook "NAME": …`',
  },
  toldFrom: {
    "admission-denied": "there the webhook answered no",
  },
  wordings: [
    {
      writtenBy: "controller",
      stage: "kubelet",
      pattern: /\bfailed calling (?:admission )?webhook\b|\bcalling webhook "[^"]*": /,
      example:
        'Error creating: Internal error occurred: failed calling webhook "validate.kyverno.test": Post "https://kyverno.test:443/validate": context deadline exceeded',
      source: "kubernetes/kubernetes staging/src/k8s.io/apiserver/pkg/admission/plugin/webhook/errors/statuserror.go",
    },
  ],
  decide: (file) => saidByController(file, "admission-unavailable"),
  remedies: () => [
    {
      title: "Restore the webhook's service, or its configuration",
      command: "kubectl get validatingwebhookconfigurations,mutatingwebhookconfigurations",
    },
  ],
  examples: controllerExamples("admission-unavailable"),
});
