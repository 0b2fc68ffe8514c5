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
  wordings: [
    {
      writtenBy: "kubelet",
      stage: "kubelet",
      pattern: /\billegal base64 data at input byte \d/,
      example: "illegal base64 data at input byte 4",
      source: "golang/go src/encoding/base64/base64.go",
    },
    {
      writtenBy: "kubelet",
      stage: "kubelet",
      pattern:
        /\binvalid decoded auth\b|\bunable to parse auth field, must be formatted as\b|\bUnable to parse json key\b/,
      example: 'Failed to pull image "reg.test/web:1": rpc error: code = Unknown desc = invalid decoded auth: "user"',
      source: "containerd/containerd internal/cri/server/images/image_pull.go",
    },
    {
      writtenBy: "kubelet",
      stage: "kubelet",
      pattern: /^unexpected end of JSON input$/,
      when: (text) => text.facts.status === undefined && text.facts.url === undefined,
      example: "Error: unexpected end of JSON input",
      source: "kubernetes/kubernetes pkg/credentialprovider/config.go",
    },
    {
      writtenBy: "kubelet",
      stage: "kubelet",
      pattern: /\bcannot unmarshal \S{1,40} into Go (?:value|struct field) .{0,60}DockerConfig/,
      example: "json: cannot unmarshal string into Go value of type credentialprovider.DockerConfigJSON",
      source: "kubernetes/kubernetes pkg/credentialprovider/config.go",
    },
  ],
  remedies: () => [
    {
      title: "Recreate the secret with kubectl, which writes the encoding itself",
      command:
        "kubectl create secret docker-registry NAME --docker-server=HOST --docker-username=USER --docker-password=PASSWORD",
    },
  ],
  examples: [],
});
