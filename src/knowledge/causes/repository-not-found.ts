import { defineCause } from "./cause.ts";

export const repositoryNotFound = defineCause({
  code: "repository-not-found",
  family: "registry",
  title: "The registry does not have this repository",
  explanation:
    "The registry was reached and says that the repository itself is unknown. The path is misspelt, the project was renamed, or it was never created; some registries want it created before the first push.",
  retryable: false,
  looks: {
    "CRI-O": "`name unknown: …`",
    Docker:
      "`repository R not found: name unknown: The repository with name 'n' does not exist in the registry with id 'i'`",
    containerd: "not told from a missing tag: `not found`",
  },
  toldFrom: {
    "manifest-not-found": "there the repository exists",
    "access-denied-or-missing": "there the registry does not tell",
  },
  wordings: [
    {
      writtenBy: "registry",
      stage: "code",
      pattern:
        /\bname unknown\b|\bNAME_UNKNOWN\b|\brepository name not known to registry\b|\bThe repository with name '[^']*' does not exist\b|\b(?:project|repository) \S+ not found\b|\bRepo not found\b|\brepository not found\b|\bRepositoryNotFound/,
      alternatives: ["manifest-not-found"],
      example:
        "repository reg.test/wbe not found: name unknown: The repository with name 'wbe' does not exist in the registry with id '000000000000'",
      source: "distribution/distribution registry/api/errcode/register.go",
    },
  ],
  remedies: () => [{ title: "Correct the repository path in the image name" }],
  examples: [],
});
