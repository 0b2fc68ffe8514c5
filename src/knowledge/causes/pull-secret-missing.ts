import { defineCause } from "./cause.ts";

export const pullSecretMissing = defineCause({
  code: "pull-secret-missing",
  family: "kubelet",
  title: "A pull secret named by the pod does not exist",
  explanation:
    "The pod or its service account names an image pull secret that is not in the pod's namespace. The kubelet goes on without it, so the pull works for public images and fails for private ones. Secrets are not shared between namespaces.",
  retryable: false,
  looks: {
    kubelet:
      '`Unable to retrieve some image pull secrets (a, b); attempting to pull the image may not succeed.`; before 1.28 only in the kubelet log; very old: `secrets "x" not found`',
  },
  toldFrom: {
    "credentials-missing": "the consequence at the registry; this is the reason for it",
  },
  wordings: [
    {
      writtenBy: "kubelet",
      stage: "kubelet",
      pattern: /^/,
      when: (text) => text.template === "secrets",
      certain: true,
      example: "Unable to retrieve some image pull secrets (regcred); attempting to pull the image may not succeed.",
      source: "kubernetes/kubernetes pkg/kubelet/kubelet_pods.go",
    },
    {
      writtenBy: "kubelet",
      stage: "kubelet",
      pattern:
        /\bUnable to retrieve pull secret \S+ for \S+ due to\b|\bcouldn't find secret\b|\bsecrets? "[^"]*" not found\b/,
      reads: "whole",
      example: 'Error syncing pod, skipping: secrets "regcred" not found',
      source: "kubernetes/kubernetes pkg/kubelet/kubelet_pods.go",
    },
  ],
  remedies: () => [
    {
      title: "Create the secret in the pod's namespace, or correct its name in the pod or service account",
      command:
        "kubectl create secret docker-registry NAME --docker-server=HOST --docker-username=USER --docker-password=PASSWORD",
    },
  ],
  examples: [],
});
