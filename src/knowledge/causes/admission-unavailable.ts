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
  wordings: [],
  remedies: () => [
    {
      title: "Restore the webhook's service, or its configuration",
      command: "kubectl get validatingwebhookconfigurations,mutatingwebhookconfigurations",
    },
  ],
  examples: [],
});
