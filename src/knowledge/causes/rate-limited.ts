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
  wordings: [],
  remedies: () => [{ title: "Send a login with the pull, or pull through a cache of your own" }],
  examples: [],
});
