import { controllerExamples } from "../evidence/example-parts.ts";
import { saidByController } from "../evidence/said-by-the-node.ts";
import { shellWord } from "../registries/shell-word.ts";
import { defineCause } from "./cause.ts";

export const podSecurityDenied = defineCause({
  code: "pod-security-denied",
  family: "admission",
  title: "Pod Security of the namespace refused the pod",
  explanation: "The pod was never created: its settings violate the Pod Security level that the namespace enforces.",
  retryable: false,
  looks: {
    controller: '`violates PodSecurity "LEVEL:VERSION": …`',
  },
  toldFrom: {
    "admission-denied": "there a webhook or policy refuses",
  },
  wordings: [
    {
      writtenBy: "controller",
      stage: "kubelet",
      pattern:
        /\bviolates PodSecurity\b|\bunable to validate against any (?:pod security policy|security context constraint)\b/,
      example:
        'Error creating: pods "web-0" is forbidden: violates PodSecurity "restricted:latest": allowPrivilegeEscalation != false',
      source: "kubernetes/kubernetes staging/src/k8s.io/pod-security-admission/admission/admission.go",
    },
  ],
  decide: (file) => saidByController(file, "pod-security-denied"),
  remedies: (file) => [
    {
      title: "Adapt the security context in the pod template; see which level the namespace enforces",
      command: `kubectl get ${shellWord(`namespace/${file.target.namespace}`)} --show-labels`,
    },
  ],
  examples: controllerExamples("pod-security-denied"),
});
