import { defineCause } from "./cause.ts";

export const imageVolumeFailed = defineCause({
  code: "image-volume-failed",
  family: "kubelet",
  title: "An image used as a volume could not be mounted",
  explanation:
    "The pod mounts an image as a volume (`volumes[].image`), and pulling or mounting it failed. The runtime may be too old for it, the sub-path may not exist in the image, or the image is not on the node.",
  retryable: true,
  looks: {
    containerd: "`failed to mount image volume: …`; `ImageVolumeMountFailed: …` (2.1 and newer)",
    "CRI-O": '`ImageVolumeMountFailed: sub path "p" does not exist in image volume "X"`',
  },
  toldFrom: {
    "manifest-not-found":
      "a pull error of the volume's image reads like that of any other image; compare the name with `spec.volumes`",
  },
  wordings: [],
  remedies: () => [
    { title: "Check the volume's image reference and `subPath`, and that the runtime supports image volumes" },
  ],
  examples: [],
});
