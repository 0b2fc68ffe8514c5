import { defineCause } from "./cause.ts";

export const blobNotFound = defineCause({
  code: "blob-not-found",
  family: "transfer",
  title: "A part of the image is missing at the registry",
  explanation:
    "The manifest is there, but a layer, the configuration or the image of one platform that it names is not. The registry's garbage collection, an unfinished push or a partial copy leaves such images behind.",
  retryable: false,
  looks: {
    containerd:
      "`could not fetch content descriptor D (type) from remote: not found`; `content at URL not found: not found`",
    "CRI-O": "`Error fetching blob: invalid status code from registry 404`",
    Docker: "`unknown blob`; `blob unknown to registry`",
  },
  toldFrom: {
    "manifest-not-found": "there the tag itself is missing",
    "local-store-corrupt": "there the node's own store lost it",
  },
  wordings: [],
  remedies: () => [{ title: "Push the image again, all platforms" }],
  examples: [],
});
