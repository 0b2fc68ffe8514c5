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
  wordings: [],
  remedies: () => [
    {
      title: "Check the runtime on that node, and whether other pods there show the same reason",
      command: "crictl images",
    },
  ],
  examples: [],
});
