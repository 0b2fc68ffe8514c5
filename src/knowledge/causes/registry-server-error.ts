import { answerExamples } from "../evidence/example-parts.ts";
import { askRegistry } from "../evidence/node-remedies.ts";
import { registryAnswer } from "../evidence/registry-answer.ts";
import { defineCause } from "./cause.ts";

export const registryServerError = defineCause({
  code: "registry-server-error",
  family: "registry",
  title: "The registry answers with a server error",
  explanation:
    "The registry, or the load balancer before it, answered 5xx. That is its own trouble; the next try may succeed.",
  retryable: true,
  looks: {
    containerd: "`unexpected status …: 500|502|503|504 …`",
    "CRI-O": "`received unexpected HTTP status: 5xx`",
    Docker: "`received unexpected HTTP status: 503 Service Unavailable`; cri-dockerd may prefix `RegistryUnavailable:`",
  },
  toldFrom: {
    "auth-server-error": "there the token server failed",
    "mirror-failed": "there the host is a mirror",
    "proxy-rejected": "bare status words without a number come from a proxy",
  },
  wordings: [
    {
      // Docker names the manifest that it wanted, also where the token server failed.
      writtenBy: "docker",
      stage: "status",
      pattern: /^5\d\d\b/,
      when: ({ facts, heads }) => facts.runtime === "docker" && facts.url !== undefined && heads.at(-2) === "request",
      alternatives: ["auth-server-error"],
      example:
        'Error response from daemon: Head "https://reg.test/v2/web/manifests/1": received unexpected HTTP status: 503 Service Unavailable',
      source: "distribution/distribution internal/client/auth/session.go",
    },
    {
      writtenBy: "containerd",
      stage: "status",
      pattern: /^/,
      when: (text) => (text.facts.status ?? 0) >= 500,
      example: "pulling from host reg.test failed with status code [manifests 1]: 503 Service Unavailable",
      source:
        "containerd/containerd core/remotes/errors/errors.go; distribution/distribution internal/client/errors.go",
    },
    {
      writtenBy: "registry",
      stage: "status",
      pattern:
        /\binternal server error\b|\bbad gateway\b|\bservice unavailable\b|\bgateway time-?out\b|\bINTERNAL_SERVER_ERROR\b|^unavailable: |"UNAVAILABLE"|\bunknown: unknown error\b|\binternal error\b(?!: \S{1,40} \S)|\bunknown: internal error\b/i,
      example: "Error response from daemon: received unexpected HTTP status: 500 Internal Server Error",
      source: "distribution/distribution registry/api/errcode/register.go",
    },
  ],
  decide: (file) => registryAnswer(file, { code: "registry-server-error", meanings: ["registry-fault"] }),
  remedies: (file) => [
    { title: "Wait and watch whether it passes; look at the registry's status page, or at its log" },
    { title: "Ask the registry again from here", command: askRegistry(file) },
  ],
  examples: answerExamples("registry-server-error", "registry-fault", 503),
});
