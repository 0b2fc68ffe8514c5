import { defineCause } from "./cause.ts";

export const rateLimited = defineCause({
  code: "rate-limited",
  family: "registry",
  title: "The registry limits pulls: too many requests",
  explanation:
    "The registry answered 429. Docker Hub counts pulls by account, or by address where no login is sent, so all nodes behind one address share one allowance. It opens again by itself after some hours.",
  retryable: true,
  looks: {
    containerd: "`429 Too Many Requests - Server message: toomanyrequests: You have reached your pull rate limit`",
    "CRI-O": "`toomanyrequests: …`; `too many requests to registry`",
    Docker: "`toomanyrequests: …`",
  },
  toldFrom: {
    "pull-qps-exceeded": "there the kubelet itself held back",
    "registry-quota-or-billing": "there a quota of traffic or money is used up",
  },
  wordings: [
    {
      writtenBy: "registry",
      stage: "code",
      pattern:
        /\btoo ?many ?requests\b|\bTOOMANYREQUESTS\b|\bpull rate limit\b|\brate limit(?:ed)?\b.{0,20}(?:exceeded|reached)|\bRate exceeded\b|\bThrottlingException\b|\bData limit exceeded\b|\bHAP429\b/i,
      example: "toomanyrequests: You have reached your pull rate limit.",
      source: "distribution/distribution registry/api/errcode/register.go; https://docs.docker.com/docker-hub/usage/",
    },
    {
      writtenBy: "containerd",
      stage: "code",
      pattern: /^/,
      when: (text) => text.facts.status === 429,
      example: "pulling from host reg.test failed with status code [manifests 1]: 429",
      source: "https://www.rfc-editor.org/rfc/rfc6585#section-4",
    },
  ],
  remedies: () => [{ title: "Send a login with the pull, or pull through a cache of your own" }],
  examples: [],
});
