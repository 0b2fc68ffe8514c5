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
  wordings: [
    {
      writtenBy: "registry",
      stage: "code",
      pattern:
        /\bmanifest unknown\b|\bMANIFEST_UNKNOWN\b|\bmanifest for \S+ not found\b|\bmanifest (?:tagged by "[^"]*" is )?not found\b|\bThe named manifest is not known\b|\bartifact \S+ not found\b|\bRequested image not found\b|\bRequested entity was not found\b|\bFailed to fetch "[^"]*"|\bTag \S+ not found in repository\b|\bno such manifest\b|\btag (?:does not exist|not found)\b|\bunknown: Not Found\b|\bNOT_FOUND\b/i,
      alternatives: ["repository-not-found", "registry-retired"],
      example: "manifest for reg.test/web:1 not found: manifest unknown: manifest unknown",
      source:
        "distribution/distribution registry/api/errcode/register.go; moby/moby daemon/internal/distribution/errors.go",
    },
    {
      writtenBy: "containerd",
      stage: "status",
      pattern: /(?:^|: )not found\.?$/i,
      when: (text) =>
        text.facts.operation === "resolve" ||
        (text.facts.operation === undefined && text.facts.grpcCode === "NotFound"),
      alternatives: ["repository-not-found", "registry-retired"],
      example: 'failed to resolve reference "reg.test/web:1": reg.test/web:1: not found',
      source: "containerd/containerd core/remotes/docker/resolver.go",
    },
    {
      writtenBy: "containerd",
      stage: "status",
      pattern: /^/,
      when: (text) =>
        text.facts.status === 404 &&
        text.facts.operation !== "blob" &&
        text.facts.operation !== "config" &&
        text.facts.operation !== "token",
      alternatives: ["repository-not-found", "not-a-registry-endpoint"],
      example: 'reading manifest 1 in reg.test/web: StatusCode: 404, ""',
      source: "containers/container-libs image/docker/errors.go",
    },
  ],
  remedies: () => [{ title: "Correct the tag or digest, or push the image; list the tags that exist" }],
  examples: [],
});
