import { controllerExamples } from "../evidence/example-parts.ts";
import { policyDemand } from "../evidence/policy-demand.ts";
import { saidByController } from "../evidence/said-by-the-node.ts";
import { toldByTheNode } from "../evidence/symptoms.ts";
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
  wordings: [
    {
      writtenBy: "controller",
      stage: "phrase",
      pattern:
        /\badmission webhook "[^"]*" denied the request\b|\bdenied request: |\bValidatingAdmissionPolic|\bis forbidden: .{0,200}(?:polic|image)/i,
      example:
        'Error creating: admission webhook "validate.kyverno.test" denied the request: image must not use the tag latest',
      source: "kubernetes/kubernetes staging/src/k8s.io/apiserver/pkg/admission/plugin/webhook/errors/statuserror.go",
    },
    {
      writtenBy: "controller",
      stage: "summary",
      pattern: /\bis forbidden\b|\bdenied\b/,
      example: 'Error creating: pods "web-0" is forbidden: not allowed here',
      source: "kubernetes/kubernetes staging/src/k8s.io/apiserver/pkg/admission/errors.go",
    },
  ],
  decide: (file) => {
    const finding = saidByController(file, "admission-denied");
    const told = toldByTheNode(file);
    if (finding === undefined || told === undefined) return finding;
    const { by, wants } = policyDemand(told.failure.message, file.target.image);
    return {
      ...finding,
      ...(by === undefined ? {} : { title: `${by.charAt(0).toUpperCase()}${by.slice(1)} refused the pod` }),
      ...(wants.length === 0 ? {} : { detail: `This one asks for ${wants.join(" and ")}.` }),
    };
  },
  remedies: () => [{ title: "Change the pod template to what the policy in the text asks for" }],
  examples: controllerExamples("admission-denied"),
});
