import { asked, granted, said } from "../evidence/example-parts.ts";
import { contentFinding } from "../evidence/manifest-content.ts";
import { setImage } from "../evidence/remedies.ts";
import { shortened } from "../evidence/sentences.ts";
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
        /\bunsupported (?:docker v2s2 |OCI(?:v1)? |manifest )?(?:media type|MIME type):? "?application\/(?!vnd\.(?:oci|docker)\.)\S|\bunsupported image-specific operation on artifact\b|\binvalid rootfs in image configuration\b|\bEncountered remote "[^"]*"\s?\(?\w*\)? ?when fetching\b|\bis not a container image\b|\b(?:helm\.config|helm\.chart|cncf\.helm|wasm\.config)\b/i,
      alternatives: ["media-type-unsupported", "manifest-invalid"],
      example: "Error response from daemon: unsupported media type application/vnd.cncf.helm.config.v1+json",
      source: "moby/moby daemon/internal/distribution/errors.go",
    },
    {
      writtenBy: "containerd",
      stage: "phrase",
      pattern: /\bno processor for media-type\b/,
      when: (text) => /^application\/(?!vnd\.(?:oci|docker)\.)/.test(text.facts.mediaType ?? ""),
      alternatives: ["media-type-unsupported", "manifest-invalid"],
      example:
        "failed to extract layer sha256:0a: failed to get stream processor for application/vnd.cncf.helm.chart.content.v1.tar+gzip: no processor for media-type: unknown",
      source: "containerd/containerd core/diff/stream.go",
    },
  ],
  decide: (file) =>
    contentFinding(file, {
      code: "not-a-container-image",
      fits: ({ kind }) => kind === "artifact",
      says: ({ artifact, mediaType }) =>
        `The name leads to something else than a container image: ${shortened(artifact ?? mediaType, 80)}`,
    }),
  remedies: (file) => [
    setImage(file, "Point the pod at the image, not at the chart or other artifact of the same name", undefined),
  ],
  examples: [
    {
      name: "a chart is what the registry has",
      file: { probes: [asked(granted({ kind: "artifact", artifact: "a Helm chart" }))] },
      finds: "certain",
    },
    { name: "only the node's text says so", file: { symptoms: [said("not-a-container-image")] }, finds: "likely" },
    {
      name: "near miss: an index, as it should be",
      file: { symptoms: [said("not-a-container-image")], probes: [asked(granted())] },
      finds: undefined,
    },
  ],
});
