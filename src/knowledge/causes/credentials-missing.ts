import { defineCause } from "./cause.ts";

export const credentialsMissing = defineCause({
  code: "credentials-missing",
  family: "auth",
  title: "The registry wants a login and none was sent",
  explanation:
    "The image is private, or the registry asks everybody to log in, and the node had no login for that host. No pull secret is named, none of them has an entry for this host, or the node's own credential plugin gave nothing.",
  retryable: false,
  looks: {
    containerd: "`no basic auth credentials` (from 1.6.25, 1.7.8); `failed to fetch anonymous token: … 401`",
    "CRI-O": "`Please login to the Red Hat Registry`; `unauthorized`",
    Docker: "`no basic auth credentials`",
  },
  toldFrom: {
    "credentials-rejected": "there a login was sent",
    "pull-secret-missing": "a reason for it: the named secret does not exist",
    "pull-secret-no-match": "a reason for it: the secret is for another host",
  },
  wordings: [
    {
      writtenBy: "docker",
      stage: "phrase",
      pattern: /\bno basic auth credentials\b|\bmissing username or secret\b/,
      alternatives: ["access-denied-or-missing", "pull-secret-malformed"],
      example: 'Head "https://reg.test/v2/web/manifests/1": no basic auth credentials',
      source:
        "distribution/distribution internal/client/auth/session.go; containerd/containerd core/remotes/docker/authorizer.go",
    },
    {
      writtenBy: "registry",
      stage: "phrase",
      pattern:
        /^(?!.*invalid username).*\bPlease login to the Red Hat Registry\b|\bUnauthenticated requests? do(?:es)? not have\b|\bUnauthenticated request\b|\bAnonymous users are only allowed\b|\bYou must be (?:logged|signed) in\b|\bnot logged in\b|\bauthenticate using docker login\b/i,
      alternatives: ["credentials-rejected", "access-denied-or-missing"],
      example: "unauthorized: Please login to the Red Hat Registry using your Customer Portal credentials.",
      source: "https://access.redhat.com/RegistryAuthentication",
    },
    {
      writtenBy: "containerd",
      stage: "status",
      pattern: /^/,
      when: (text) => text.facts.status === 401 && text.facts.operation === "token" && text.facts.login === "without",
      alternatives: ["access-denied-or-missing"],
      example:
        "failed to authorize: failed to fetch anonymous token: unexpected status from GET request to https://reg.test/token?service=reg.test: 401 Unauthorized",
      source: "containerd/containerd core/remotes/docker/authorizer.go",
    },
  ],
  remedies: () => [
    {
      title: "Create a pull secret for this host and name it in the pod or its service account",
      command:
        "kubectl create secret docker-registry NAME --docker-server=HOST --docker-username=USER --docker-password=PASSWORD",
    },
  ],
  examples: [],
});
