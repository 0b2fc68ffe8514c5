import { defineCause } from "./cause.ts";

export const credentialsMissing = defineCause({
  code: "credentials-missing",
  family: "auth",
  title: "The registry wants a login and none was sent",
  explanation:
    "The image is private, or the registry asks everybody to log in, and the node had no login for that host. No pull secret is named, none of them has an entry for this host, or the node's own credential plugin gave nothing.",
  retryable: false,
  looks: {
    containerd: "`no basic auth credentials` (from 1.6.25, 1.7.8); `failed to fetch anonymous token: … 401`",
    "CRI-O": "`Please login to the Red Hat Registry`; `unauthorized`",
    Docker: "`no basic auth credentials`",
  },
  toldFrom: {
    "credentials-rejected": "there a login was sent",
    "pull-secret-missing": "a reason for it: the named secret does not exist",
    "pull-secret-no-match": "a reason for it: the secret is for another host",
  },
  wordings: [],
  remedies: () => [
    {
      title: "Create a pull secret for this host and name it in the pod or its service account",
      command:
        "kubectl create secret docker-registry NAME --docker-server=HOST --docker-username=USER --docker-password=PASSWORD",
    },
  ],
  examples: [],
});
