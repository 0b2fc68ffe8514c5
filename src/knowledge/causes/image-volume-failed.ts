import { textExamples } from "../evidence/example-parts.ts";
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
  wordings: [
    {
      writtenBy: "kubelet",
      stage: "wrapper",
      pattern: /^/,
      opens: true,
      when: (text) =>
        text.heads.includes("image-volume") ||
        text.errorNames.includes("ImageVolumeMountFailed") ||
        text.template === "mount",
      example:
        'Error: failed to mount image volume: failed to prepare for image volume "reg.test/model:1": snapshot exists: already exists',
      source: "containerd/containerd internal/cri/server/container_image_mount.go",
    },
    {
      writtenBy: "cri-o",
      stage: "wrapper",
      pattern: /\bimage "[^"]*" does not exist locally\b|\bin image volume\b|\bimage volume mount\b/i,
      alternatives: ["image-missing-after-pull"],
      example: 'Error: image "reg.test/model:1" does not exist locally',
      source: "cri-o/cri-o server/container_create_linux.go",
    },
  ],
  remedies: () => [
    { title: "Check the volume's image reference and its subPath, and that the node's runtime supports image volumes" },
  ],
  examples: textExamples("image-volume-failed"),
});
