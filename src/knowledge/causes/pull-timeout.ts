import { textExamples } from "../evidence/example-parts.ts";
import { imageWord, onTheNode } from "../evidence/node-remedies.ts";
import { defineCause } from "./cause.ts";

export const pullTimeout = defineCause({
  code: "pull-timeout",
  family: "kubelet",
  title: "The pull ran into a deadline",
  explanation:
    "A time limit of the kubelet or the runtime ended the pull, and the text does not tell which step was slow. Large images on slow links, a runtime with a short progress limit, and a registry that trickles all look like this.",
  retryable: true,
  looks: {
    containerd: "`context deadline exceeded` alone; in the log `cancel pulling image X because of no progress in 5m0s`",
    "CRI-O": "`code = DeadlineExceeded`",
    Docker: "`context deadline exceeded`; with cri-dockerd before 0.2.6 after two minutes",
  },
  toldFrom: {
    "connect-timeout": "there an address is named (`dial tcp`)",
    "response-timeout": "there a URL is named and the connection stood",
    "pull-canceled": "cancelled, not run out of time",
  },
  wordings: [
    {
      writtenBy: "containerd",
      stage: "phrase",
      pattern:
        /\bno progress\b.{0,20}\b(?:in|for) \S+|\boperation timeout: context deadline exceeded\b|\bpull progress timeout\b|\bprogress deadline\b/i,
      reads: "whole",
      example: "cancel pulling image reg.test/web:1 because of no progress in 5m0s",
      source: "containerd/containerd internal/cri/server/images/image_pull.go",
    },
    {
      // The class alone: what ran out of time was cut off.
      writtenBy: "kubelet",
      stage: "umbrella",
      pattern: /^failed to pull (?:and unpack )?image\b|^$/,
      when: (text) => text.facts.grpcCode === "DeadlineExceeded",
      alternatives: ["connect-timeout", "response-timeout", "dns-unreachable"],
      example: "rpc error: code = DeadlineExceeded desc = failed to pull and unpack image",
      source: "grpc/grpc-go codes/codes.go",
    },
    {
      writtenBy: "kubelet",
      stage: "umbrella",
      pattern: /\bcontext deadline exceeded\b|^timed? ?out\b|\bstream terminated by RST_STREAM\b/,
      alternatives: ["response-timeout"],
      example: "rpc error: code = DeadlineExceeded desc = context deadline exceeded",
      source: "golang/go src/context/context.go",
    },
  ],
  remedies: (file) => [
    onTheNode(file, "pull the image once by hand and watch how fast it comes", `crictl pull ${imageWord(file)}`),
  ],
  examples: textExamples("pull-timeout"),
});
