import { defineCause } from "./cause.ts";

export const manifestNotFound = defineCause({
  code: "manifest-not-found",
  family: "registry",
  title: "The registry does not have this tag or digest",
  explanation:
    "The registry was reached and says that this tag or digest is not there. The tag was misspelt, never pushed, deleted, or pushed to another repository. containerd prints the same words when the whole repository is missing.",
  retryable: false,
  looks: {
    containerd: '`failed to resolve reference "X": X: not found`',
    "CRI-O": "`reading manifest T in R: manifest unknown`",
    Docker: "`manifest for X not found: manifest unknown: manifest unknown`",
  },
  toldFrom: {
    "repository-not-found": "the registry's code NAME_UNKNOWN tells; containerd does not print it",
    "platform-mismatch": "ends in `not found` too, but speaks of a platform",
    "local-store-corrupt": "ends in `not found` too, but means the node's own store",
    "mirror-failed": "a mirror's 404 can hide the registry's answer",
  },
  wordings: [],
  remedies: () => [{ title: "Correct the tag or digest, or push the image; list the tags that exist" }],
  examples: [],
});
