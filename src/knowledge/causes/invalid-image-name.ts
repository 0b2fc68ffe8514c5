import { defineCause } from "./cause.ts";

export const invalidImageName = defineCause({
  code: "invalid-image-name",
  family: "spec",
  title: "The image name cannot be parsed",
  explanation:
    "The text in the pod's `image` field is not an image reference, so the kubelet stops before it asks any registry. Usual reasons: upper-case letters in the repository, a leading `https://`, a space or an invisible character, a template variable that was never filled in, or an empty tag after the colon.",
  retryable: false,
  looks: {
    kubelet:
      '`Failed to apply default image tag "X": couldn\'t parse image reference "X": invalid reference format`; waiting reason `InvalidImageName`',
    containerd: '`failed to parse image reference "X"`, where the kubelet let it pass',
    Docker: "`no such image: X: invalid reference format`",
  },
  toldFrom: {
    "registry-bad-request": "there the name did parse, and the registry answered `name invalid`",
  },
  wordings: [
    {
      writtenBy: "kubelet",
      stage: "kubelet",
      pattern: /^/,
      when: (text) => text.template === "invalid-name",
      certain: true,
      example: `Failed to apply default image tag "Shop/Web:1": couldn't parse image reference "Shop/Web:1": invalid reference format: repository name (Shop/Web) must be lowercase`,
      source: "kubernetes/kubernetes pkg/kubelet/images/image_manager.go",
    },
    {
      writtenBy: "kubelet",
      stage: "kubelet",
      pattern: /^/,
      when: (text) => text.words === "" && text.errorNames.some((name) => name.endsWith("InvalidImageName")),
      certain: true,
      example: "Error: InvalidImageName",
      source: "kubernetes/kubernetes pkg/kubelet/images/types.go",
    },
    {
      writtenBy: "containerd",
      stage: "kubelet",
      pattern:
        /\binvalid reference format\b|\b(?:could not|couldn't|failed to) parse image (?:reference|name)\b|\b(?:parsing|parse) reference\b.*\binvalid\b|\binvalid checksum digest (?:length|format)\b|\bis not a valid repository\/tag\b/,
      alternatives: ["image-inspect-failed"],
      example:
        'rpc error: code = InvalidArgument desc = failed to parse image reference "reg.test//web": invalid reference format',
      source: "containerd/containerd internal/cri/server/images/image_pull.go; distribution/reference reference.go",
    },
  ],
  remedies: () => [{ title: "Correct the image name in the pod template: lower case, no scheme, no spaces, one tag" }],
  examples: [],
});
