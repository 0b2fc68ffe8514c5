import { defineCause } from "./cause.ts";

export const pullSecretMalformed = defineCause({
  code: "pull-secret-malformed",
  family: "kubelet",
  title: "A pull secret exists but cannot be read as a login",
  explanation:
    "The secret's content is damaged: broken base64, JSON that does not parse, or an `auth` field without a colon. Old kubelets ignore such an entry and pull anonymously; newer ones refuse to pull at all.",
  retryable: false,
  looks: {
    kubelet: "`illegal base64 data at input byte N`; `unexpected end of JSON input`; `invalid decoded auth`",
    "CRI-O": "`invalid decoded auth`",
    registry: "`Unable to parse json key.`",
  },
  toldFrom: {
    "credentials-missing": "what is seen when the damaged entry was skipped in silence",
  },
  wordings: [],
  remedies: () => [
    {
      title: "Recreate the secret with kubectl, which writes the encoding itself",
      command:
        "kubectl create secret docker-registry NAME --docker-server=HOST --docker-username=USER --docker-password=PASSWORD",
    },
  ],
  examples: [],
});
