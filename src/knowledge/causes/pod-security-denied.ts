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
  wordings: [],
  remedies: () => [{ title: "Adapt the security context in the pod template" }],
  examples: [],
});
