import { controllerExamples } from "../evidence/example-parts.ts";
import { inNamespace } from "../evidence/remedies.ts";
import { saidByController } from "../evidence/said-by-the-node.ts";
import { toldByTheNode } from "../evidence/symptoms.ts";
import { shellWord } from "../registries/shell-word.ts";
import { defineCause } from "./cause.ts";

export const serviceAccountMissing = defineCause({
  code: "service-account-missing",
  family: "admission",
  title: "The pod's service account does not exist",
  explanation:
    "The pod was never created: it names a service account that is not in its namespace. Pull secrets that hang on that account are missing with it.",
  retryable: false,
  looks: {
    controller: '`error looking up service account NS/NAME: serviceaccount "NAME" not found`',
  },
  toldFrom: {
    "pull-secret-missing": "there the account exists and the secret does not",
  },
  wordings: [
    {
      writtenBy: "controller",
      stage: "kubelet",
      pattern: /\berror looking up service account\b|\bserviceaccounts? "[^"]*" not found\b/,
      example:
        'Error creating: pods "web-" is forbidden: error looking up service account shop/web: serviceaccount "web" not found',
      source: "kubernetes/kubernetes plugin/pkg/admission/serviceaccount/admission.go",
    },
  ],
  decide: (file) => saidByController(file, "service-account-missing"),
  remedies: (file) => {
    const { namespace, serviceAccountName = "default" } = file.target;
    // The text is about the pod as admission saw it; the template may have changed since.
    const named = /\bserviceaccounts? "([a-z0-9][a-z0-9.-]{0,252})" not found/.exec(
      toldByTheNode(file)?.failure.message ?? "",
    )?.[1];
    const name = named ?? serviceAccountName;
    return [
      {
        title: `Create service account ${name} in namespace ${namespace}, or correct its name in the pod template`,
        command: `kubectl create serviceaccount ${inNamespace(namespace)} -- ${shellWord(name)}`,
      },
    ];
  },
  examples: controllerExamples("service-account-missing"),
});
