import { defineCause } from "./cause.ts";

export const registryRetired = defineCause({
  code: "registry-retired",
  family: "registry",
  title: "The registry or catalogue was closed or has moved",
  explanation:
    "The place the image name points to has been shut down or moved, as k8s.gcr.io, gcr.io and Bintray were. The image usually lives on under another name.",
  retryable: false,
  looks: {
    registry: "`Container Registry is deprecated and shutting down`; mostly only `not found`",
  },
  toldFrom: {
    "manifest-not-found": "text alone seldom tells; a table of retired hosts does",
  },
  wordings: [
    {
      writtenBy: "registry",
      stage: "phrase",
      pattern:
        /\b(?:Container )?Registry is (?:deprecated|shut|shutting|no longer|being (?:retired|shut))|\bhas been (?:sunset|retired|decommissioned|shut down)\b|\bregistry (?:has moved|was moved|is frozen)\b/i,
      example: "unknown: Container Registry is deprecated and shutting down, please use the auto migration tool",
      source: "https://cloud.google.com/artifact-registry/docs/transition/prepare-gcr-shutdown",
    },
  ],
  remedies: () => [{ title: "Change the image name to the successor registry" }],
  examples: [],
});
