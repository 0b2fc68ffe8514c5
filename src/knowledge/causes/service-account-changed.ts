import { defineCause } from "./cause.ts";

export const serviceAccountChanged = defineCause({
  code: "service-account-changed",
  family: "secret",
  title: "The service account got its pull secret after the pod was made",
  explanation:
    "A service account's pull secrets are copied into a pod when it is created. This pod is older than the change, so it does not have them. A new pod will.",
  retryable: false,
  looks: {},
  toldFrom: {
    "credentials-missing": "what the registry says in consequence",
  },
  wordings: [],
  remedies: () => [
    {
      title: "Create the pods anew so that they receive the service account's pull secrets",
      command: "kubectl rollout restart deployment NAME",
    },
  ],
  examples: [],
});
