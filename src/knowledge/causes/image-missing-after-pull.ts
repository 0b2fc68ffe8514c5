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
  wordings: [],
  remedies: () => [
    {
      title: "Look for disk pressure and image garbage collection on the node",
      command: "kubectl get events -A --field-selector reason=ImageGCFailed",
    },
  ],
  examples: [],
});
