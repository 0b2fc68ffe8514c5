import { textExamples } from "../evidence/example-parts.ts";
import { defineCause } from "./cause.ts";

export const imageMissingAfterPull = defineCause({
  code: "image-missing-after-pull",
  family: "kubelet",
  title: "The image was pulled and is gone again",
  explanation:
    "The pull succeeded, but when the container was to be made the runtime no longer had the image. Image garbage collection under disk pressure is the usual reason; a tag replaced during the pull is another.",
  retryable: true,
  looks: {
    containerd: '`failed to get image from containerd "…": not found`',
    "CRI-O": "`image not known`; `resolve pulled image X: not found in container storage`",
    Docker: "`No such image: X` when the container is created",
  },
  toldFrom: {
    "local-store-corrupt": "there parts of an image are missing, here the whole image",
  },
  wordings: [
    {
      writtenBy: "cri-o",
      stage: "kubelet",
      pattern: /\bresolve pulled image \S+ not found in container storage\b|\bresolve pulled image\b/,
      alternatives: ["local-store-corrupt"],
      reads: "whole",
      example:
        "resolve pulled image reg.test/web:1: not found in container storage (image not known) or artifact store (not found)",
      source: "cri-o/cri-o server/image_pull.go",
    },
    {
      writtenBy: "containerd",
      stage: "kubelet",
      pattern: /\bfailed to get image from containerd "[^"]*"/,
      alternatives: ["local-store-corrupt"],
      example: 'Error: failed to get image from containerd "sha256:0a": image "reg.test/web:1": not found',
      source: "containerd/containerd internal/cri/server/container_create.go",
    },
    {
      writtenBy: "containerd",
      stage: "kubelet",
      pattern: /\bfailed to resolve image "?sha256:[0-9a-f]+"?: |\b(?:get|load) image "[^"]*": (?:image )?not found\b/,
      reads: "whole",
      alternatives: ["local-store-corrupt"],
      example: 'Error: failed to resolve image "sha256:0a": not found',
      source:
        "containerd/containerd internal/cri/server/container_create.go (an image id is looked up on the node alone)",
    },
    {
      writtenBy: "docker",
      stage: "node",
      pattern: /\bNo such image: \S|\bimage not known\b|\bdoes not resolve to an image ID\b/i,
      alternatives: ["local-store-corrupt", "image-inspect-failed"],
      example: "Error: Error response from daemon: No such image: reg.test/web:1",
      source: "moby/moby daemon/images/image.go; containers/storage errors.go",
    },
  ],
  remedies: () => [
    {
      title: "Look for disk pressure and image garbage collection on the node",
      command: "kubectl get events --all-namespaces --field-selector=reason=ImageGCFailed",
    },
  ],
  examples: textExamples("image-missing-after-pull"),
});
