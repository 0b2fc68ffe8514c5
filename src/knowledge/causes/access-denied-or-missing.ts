import { defineCause } from "./cause.ts";

export const accessDeniedOrMissing = defineCause({
  code: "access-denied-or-missing",
  family: "auth",
  title: "The registry does not say whether the image is private or missing",
  explanation:
    'Registries hide private repositories: the answer for "not there" and for "not for you" is the same. A misspelt name, a private image without a login, and a login without permission all look like this.',
  retryable: false,
  covers: ["repository-not-found", "credentials-missing", "permission-denied", "terms-not-accepted"],
  looks: {
    containerd:
      "`pull access denied, repository does not exist or may require authorization: server message: insufficient_scope: authorization failed`",
    "CRI-O": "`requested access to the resource is denied`",
    Docker: "`pull access denied for R, repository does not exist or may require 'docker login'`",
  },
  toldFrom: {
    "repository-not-found": "a login that may read the project finds nothing",
    "credentials-missing": "no login was sent and one opens it",
    "permission-denied": "the login works and may not read this",
    "terms-not-accepted": "the publisher wants terms accepted",
  },
  wordings: [],
  remedies: () => [{ title: "Check the spelling of the repository, then whether a login with read access is sent" }],
  examples: [],
});
