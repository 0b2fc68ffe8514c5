import { defineCause } from "./cause.ts";

export const notAContainerImage = defineCause({
  code: "not-a-container-image",
  family: "content",
  title: "What the name points to is not a container image",
  explanation:
    "The registry holds something else under that name: a Helm chart, a WebAssembly module, a signature, an attestation. It cannot be run as a container.",
  retryable: false,
  looks: {
    containerd: "`mismatched image rootfs and manifest layers`; `no processor for media-type`",
    "CRI-O": '`unsupported image-specific operation on artifact with type "…"`',
    Docker:
      "`unsupported media type application/vnd.cncf.helm.config.v1+json`; old: `invalid rootfs in image configuration`",
  },
  toldFrom: {
    "manifest-invalid": "there it is an image, and broken",
    "media-type-unsupported": "there it is an image of a kind the runtime does not know",
  },
  wordings: [
    {
      writtenBy: "docker",
      stage: "phrase",
      pattern:
        /\bunsupported media type application\/(?!vnd\.(?:oci|docker)\.)\S|\bunsupported image-specific operation on artifact\b|\binvalid rootfs in image configuration\b|\bEncountered remote "[^"]*"\s?\(?\w*\)? ?when fetching\b|\bis not a container image\b|\bno processor for media-type\b(?=.*helm)|\b(?:helm\.config|helm\.chart|cncf\.helm|wasm\.config)\b/i,
      alternatives: ["media-type-unsupported", "manifest-invalid"],
      example: "Error response from daemon: unsupported media type application/vnd.cncf.helm.config.v1+json",
      source: "moby/moby daemon/internal/distribution/errors.go",
    },
  ],
  remedies: () => [{ title: "Point the pod at the image, not at the chart or artifact of the same name" }],
  examples: [],
});
