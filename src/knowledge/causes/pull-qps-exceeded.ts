import { kubeletExamples } from "../evidence/example-parts.ts";
import { defineCause } from "./cause.ts";

export const pullQpsExceeded = defineCause({
  code: "pull-qps-exceeded",
  family: "kubelet",
  title: "The kubelet held the pull back: its own pull rate limit",
  explanation:
    "The kubelet allows only so many pulls per second (`registryPullQPS`, `registryBurst`), and more were asked of it at once. Nothing was sent to a registry. It mends itself as soon as the burst is over.",
  retryable: true,
  looks: {
    kubelet: '`Failed to pull image "X": pull QPS exceeded`',
  },
  toldFrom: {
    "rate-limited": "there the registry answered 429",
  },
  wordings: [
    {
      writtenBy: "kubelet",
      stage: "kubelet",
      pattern: /^pull QPS exceeded\b/,
      certain: true,
      example: 'Failed to pull image "reg.test/shop/web:1": pull QPS exceeded',
      source: "kubernetes/kubernetes pkg/kubelet/images/helpers.go",
    },
  ],
  remedies: () => [
    {
      title:
        "Wait for the next try; if it recurs, raise `registryPullQPS` and `registryBurst` in the kubelet's configuration",
    },
  ],
  examples: kubeletExamples("pull-qps-exceeded"),
});
