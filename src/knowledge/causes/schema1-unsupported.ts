import { defineCause } from "./cause.ts";

export const schema1Unsupported = defineCause({
  code: "schema1-unsupported",
  family: "content",
  title: "The image has the old schema 1 format",
  explanation:
    "The image was pushed long ago in a manifest format that runtimes no longer accept. It must be pulled with an old client and pushed again.",
  retryable: false,
  looks: {
    containerd:
      '`media type "…manifest.v1+prettyjws" is no longer supported`; `schema 1 image manifests are no longer supported`',
    Docker: "`Docker Image Format v1 and … schema 1 support is disabled by default`, or `has been removed`",
  },
  toldFrom: {
    "blob-not-found": "old containerd prints it as a missing content descriptor",
  },
  wordings: [
    {
      writtenBy: "containerd",
      stage: "phrase",
      pattern:
        /\bmanifest\.v1\+(?:prettyjws|json)\b|\bschema 1 (?:image manifests|support)\b|\bschema ?1\b.{0,80}(?:not supported|no longer|disabled|removed|deprecated)|\bDocker Image Format v1\b|\bunsupported schema version 1\b/i,
      example: "schema 1 image manifests are no longer supported: invalid argument",
      source: "containerd/containerd core/transfer/local/pull.go; moby/moby daemon/internal/distribution/errors.go",
    },
    {
      writtenBy: "containerd",
      stage: "phrase",
      pattern: /^(?:ctr: )?no signatures$/,
      alternatives: ["manifest-invalid", "signature-rejected"],
      example: "ctr: no signatures",
      source: "containerd/containerd remotes/docker/schema1/converter.go@v1.7",
    },
  ],
  remedies: () => [
    {
      title: "Convert the image and push it again",
      command: "skopeo copy --format v2s2 docker://IMAGE docker://NEW_IMAGE",
    },
  ],
  examples: [],
});
