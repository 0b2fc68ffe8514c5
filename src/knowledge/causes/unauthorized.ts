import { defineCause } from "./cause.ts";

export const unauthorized = defineCause({
  code: "unauthorized",
  family: "auth",
  title: "The registry answers 401, and the text does not say why",
  explanation:
    "The registry wants a login. Whether none was sent, a wrong one, or one that has expired, the text does not tell; some registries also answer so for repositories that do not exist.",
  retryable: false,
  covers: ["credentials-missing", "credentials-rejected", "credentials-expired", "permission-denied"],
  looks: {
    containerd: "`… 401 Unauthorized` (up to 1.6.24 and 1.7.7 also where no login was sent)",
    "CRI-O": "`unauthorized: authentication required`",
    Docker: "`unauthorized: authentication required`",
  },
  toldFrom: {
    "credentials-missing": "no login fits the host",
    "credentials-rejected": "the login is refused when it is tried",
    "credentials-expired": "the login is past its life",
    "permission-denied": "the login works and may not read this",
  },
  wordings: [
    {
      writtenBy: "containerd",
      stage: "umbrella",
      pattern: /^/,
      when: (text) => text.facts.status === 401,
      example: 'failed to resolve reference "reg.test/web:1": unexpected status code [manifests 1]: 401 Unauthorized',
      source: "containerd/containerd remotes/docker/resolver.go@v1.3.10",
    },
    {
      writtenBy: "registry",
      stage: "umbrella",
      pattern:
        /\bunauthorized\b|\bauthentication required\b|\bauthorization required\b|\bNot Authorized\b|\bauthorization failed\b|\bUNAUTHENTICATED\b/i,
      example: "unauthorized: authentication required",
      source: "distribution/distribution registry/api/errcode/register.go",
    },
  ],
  remedies: () => [
    {
      title: "Check which login the node would send: pull secrets of the pod and of its service account",
      command: "kubectl get serviceaccount default -o jsonpath={.imagePullSecrets}",
    },
  ],
  examples: [],
});
