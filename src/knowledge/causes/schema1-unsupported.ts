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
  wordings: [],
  remedies: () => [
    {
      title: "Convert the image and push it again",
      command: "skopeo copy --format v2s2 docker://IMAGE docker://NEW_IMAGE",
    },
  ],
  examples: [],
});
