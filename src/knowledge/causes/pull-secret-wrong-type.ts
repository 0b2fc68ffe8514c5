import { defineCause } from "./cause.ts";

export const pullSecretWrongType = defineCause({
  code: "pull-secret-wrong-type",
  family: "secret",
  title: "A pull secret has a type the kubelet does not read",
  explanation:
    "The secret exists and is named by the pod, but it is of another type than `kubernetes.io/dockerconfigjson` or `kubernetes.io/dockercfg`, or lacks the key that goes with it. The kubelet passes over it without a word.",
  retryable: false,
  looks: {},
  toldFrom: {
    "pull-secret-malformed": "there type and key are right and the content is damaged",
    "pull-secret-no-match": "there the content is fine and for another host",
  },
  wordings: [],
  remedies: () => [
    {
      title: "Recreate the secret as a docker-registry secret",
      command:
        "kubectl create secret docker-registry NAME --docker-server=HOST --docker-username=USER --docker-password=PASSWORD",
    },
  ],
  examples: [],
});
