import { textExamples } from "../evidence/example-parts.ts";
import { defineCause } from "./cause.ts";

export const mediaTypeUnsupported = defineCause({
  code: "media-type-unsupported",
  family: "content",
  title: "The runtime is too old for this kind of image",
  explanation:
    "It is an image, but with a media type the runtime cannot read: zstd layers, an OCI index, or a vendor's own type.",
  retryable: false,
  looks: {
    containerd: "`failed to get stream processor for …zstd: no processor for media-type`",
    "CRI-O": '`unsupported docker v2s2 media type: "…zstd"`',
    Docker: "`mediaType in manifest should be '…v2+json' not ''`",
    registry: "`OCI index found, but accept header does not support OCI indexes`",
  },
  toldFrom: {
    "not-a-container-image": "there it is no image at all",
    "unpack-failed": "old runtimes only notice while unpacking",
  },
  wordings: [
    {
      writtenBy: "containerd",
      stage: "phrase",
      pattern:
        /\bno processor for media-type\b|\bunexpected media type (?!text\/html)|\bunsupported (?:(?:docker v2s2|OCI(?:v1)?|manifest|compression|diff) )?(?:media ?type|MIME type)\b(?! application\/(?!vnd\.(?:oci|docker)\.))|\bUnimplemented manifest (?:list )?MIME type\b|\bmanifest lists as individual manifests is not implemented\b|\bbzip2 compression not supported\b|\bunsupported compression format\b|\bmediaType in manifest should be\b|\baccept header does not support OCI\b|\b(?:unknown|unrecognized) (?:manifest )?(?:media|mime) ?type\b|\bunsupported schema version [2-9]\b|\bmissing signature key\b|\bzstd\b.*\bnot supported\b/i,
      alternatives: ["not-a-container-image", "manifest-invalid", "manifest-not-found"],
      // A type that is neither OCI's nor Docker's is no layer of an image.
      when: (text) =>
        !/prettyjws|\+encrypted/.test(text.whole) &&
        !/^application\/(?!vnd\.(?:oci|docker)\.)/.test(text.facts.mediaType ?? ""),
      example:
        "failed to extract layer sha256:0a: failed to get stream processor for application/vnd.oci.image.layer.v1.tar+zstd: no processor for media-type: unknown",
      source: "containerd/containerd core/diff/stream.go; containers/container-libs image/manifest/manifest.go",
    },
  ],
  remedies: () => [{ title: "Upgrade the node's runtime, or build the image with gzip layers and Docker media types" }],
  examples: textExamples("media-type-unsupported"),
});
