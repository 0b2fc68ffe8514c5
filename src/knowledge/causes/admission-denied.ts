import { defineCause } from "./cause.ts";

export const admissionDenied = defineCause({
  code: "admission-denied",
  family: "admission",
  title: "An admission policy refused the pod",
  explanation:
    "The pod was never created: a webhook or policy of the API server refused it. Policies about images ask for a signature, an allowed registry, a fixed tag or a digest; the text usually says which.",
  retryable: false,
  looks: {
    controller:
      "`Error creating: admission webhook \"NAME\" denied the request: …`; `ValidatingAdmissionPolicy 'NAME' … denied request: …`",
  },
  toldFrom: {
    "signature-rejected": "there the pod exists and the node refuses",
    "pod-security-denied": "there the namespace's Pod Security level refuses",
    "quota-exceeded": "there a quota refuses",
  },
  wordings: [],
  remedies: () => [{ title: "Change the pod template to what the policy asks for" }],
  examples: [],
});
