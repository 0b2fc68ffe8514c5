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
  wordings: [
    {
      writtenBy: "containerd",
      stage: "code",
      pattern: /\bpull access denied\b|\binsufficient_scope\b|\brepository does not exist or may require\b/,
      example:
        'failed to resolve reference "reg.test/web:1": pull access denied, repository does not exist or may require authorization: server message: insufficient_scope: authorization failed',
      source: "containerd/containerd core/remotes/docker/resolver.go; moby/moby daemon/internal/distribution/errors.go",
    },
    {
      writtenBy: "registry",
      stage: "code",
      pattern:
        /\brequested access to the resource is denied\b|\baccess to the requested resource is not authorized\b|\bor it may not exist\b|\bdoes not exist or no (?:pull )?access\b|\bmay not exist or (?:you )?may not have\b/,
      example: "reading manifest 1 in reg.test/web: requested access to the resource is denied",
      source: "distribution/distribution registry/api/errcode/register.go; quay/quay endpoints/v2/errors.py",
    },
    {
      writtenBy: "docker",
      stage: "code",
      pattern: /^image \S+ not found\.?$|^Error: image \S+ not found/,
      alternatives: ["credentials-missing", "manifest-not-found", "repository-not-found"],
      example: "Error: image shop/web:latest not found",
      source: "moby/moby graph/pull_v1.go@v1.9",
    },
  ],
  remedies: () => [{ title: "Check the spelling of the repository, then whether a login with read access is sent" }],
  examples: [],
});
