import { defineCause } from "./cause.ts";

export const pullSecretNoMatch = defineCause({
  code: "pull-secret-no-match",
  family: "secret",
  title: "No pull secret has a login for this registry",
  explanation:
    "Pull secrets are named and readable, but none has an entry that fits the image's registry and path, so the kubelet pulls anonymously. A wrong host, a port left out, or a path that is too narrow is the usual reason. For Docker Hub the entry is `https://index.docker.io/v1/`.",
  retryable: false,
  looks: {},
  toldFrom: {
    "credentials-missing": "what the registry says in consequence",
    "pull-secret-missing": "there the secret does not exist",
  },
  wordings: [],
  remedies: () => [
    {
      title: "Recreate the secret with the host exactly as in the image name",
      command:
        "kubectl create secret docker-registry NAME --docker-server=HOST --docker-username=USER --docker-password=PASSWORD",
    },
  ],
  examples: [],
});
