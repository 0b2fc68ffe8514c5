import { textExamples } from "../evidence/example-parts.ts";
import { onTheNode } from "../evidence/node-remedies.ts";
import { defineCause } from "./cause.ts";

export const imageInspectFailed = defineCause({
  code: "image-inspect-failed",
  family: "kubelet",
  title: "The runtime could not say whether the image is on the node",
  explanation:
    "Before pulling, the kubelet asks the runtime whether it has the image, and that question failed. No pull was tried, so the registry is not involved. The usual reason is a runtime that is broken or too old for the kubelet.",
  retryable: true,
  looks: {
    kubelet:
      '`Failed to inspect image "X": …` (newer kubelets print an empty name); waiting reason `ImageInspectError`',
    Docker: '`unable to convert a nil pointer to a runtime API image`; `Id or size of image "X" is not set`',
  },
  toldFrom: {
    "short-name-unresolved": "same reason, words about short names",
    "local-store-corrupt": "the store has lost parts; the words name a layer or a digest",
    "runtime-unavailable": "the socket itself does not answer",
  },
  wordings: [
    {
      writtenBy: "kubelet",
      stage: "wrapper",
      pattern: /^/,
      opens: true,
      within: ["short-name-unresolved", "short-name-ambiguous", "runtime-unavailable", "local-store-corrupt"],
      when: (text) => text.template === "inspect",
      example:
        'Failed to inspect image "": rpc error: code = Unknown desc = readlink /var/lib/docker/overlay2: invalid argument',
      source: "kubernetes/kubernetes pkg/kubelet/images/image_manager.go",
    },
    {
      writtenBy: "docker",
      stage: "wrapper",
      pattern: /\bunable to convert a nil pointer to a runtime API image\b|\bId or size of image "[^"]*" is not set\b/,
      example: 'rpc error: code = Unknown desc = Id or size of image "reg.test/web:1" is not set',
      source: "kubernetes/kubernetes pkg/kubelet/cri/remote/remote_image.go; Mirantis/cri-dockerd core/convert.go",
    },
    {
      writtenBy: "kubelet",
      stage: "wrapper",
      pattern: /^$/,
      when: (text) => text.errorNames.includes("ImageInspectError") || text.reason === "ImageInspectError",
      alternatives: ["short-name-unresolved", "runtime-unavailable", "local-store-corrupt"],
      example: "Error: ImageInspectError",
      source: "kubernetes/kubernetes pkg/kubelet/images/types.go",
    },
  ],
  remedies: (file) => [
    onTheNode(
      file,
      "check the runtime, and whether other pods there show the same reason",
      "crictl images && crictl info",
    ),
  ],
  examples: textExamples("image-inspect-failed"),
});
