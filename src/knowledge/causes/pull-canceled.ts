import { examplePod, said, textExamples } from "../evidence/example-parts.ts";
import { onTheNode } from "../evidence/node-remedies.ts";
import { saidByTheNode } from "../evidence/said-by-the-node.ts";
import { defineCause } from "./cause.ts";

export const pullCanceled = defineCause({
  code: "pull-canceled",
  family: "kubelet",
  title: "The pull was cancelled",
  explanation:
    "The runtime or the kubelet gave the pull up: no bytes arrived for a while, the pod was deleted, or the runtime restarted. The text does not say which.",
  retryable: true,
  looks: {
    containerd: '`code = Canceled desc = failed to pull and unpack image "X": context canceled`',
    "CRI-O": "`context canceled`",
    Docker: "`net/http: request canceled` without a remark about a timeout",
  },
  toldFrom: {
    "pull-timeout": "there a deadline is named",
  },
  wordings: [
    {
      writtenBy: "containerd",
      stage: "umbrella",
      pattern: /\bcontext cancell?ed\b|\boperation was canceled\b/,
      alternatives: ["pull-timeout"],
      example: 'rpc error: code = Canceled desc = failed to pull and unpack image "reg.test/web:1": context canceled',
      source: "golang/go src/context/context.go",
    },
    {
      // What waited, and for what, stands in brackets behind it, where it was not cut off.
      writtenBy: "docker",
      stage: "umbrella",
      pattern: /\brequest canceled\b/,
      alternatives: ["pull-timeout", "connect-timeout", "response-timeout"],
      example: 'Error response from daemon: Get "https://reg.test/v2/": net/http: request canceled',
      source: "golang/go src/net/http/transport.go",
    },
    {
      writtenBy: "kubelet",
      stage: "umbrella",
      pattern: /\S/,
      when: (text) => text.facts.grpcCode === "Canceled",
      alternatives: ["runtime-unavailable", "pull-timeout"],
      example: "rpc error: code = Canceled desc = grpc: the client connection is closing",
      source: "grpc/grpc-go clientconn.go (ErrClientConnClosing)",
    },
  ],
  decide(file) {
    const finding = saidByTheNode(file, "pull-canceled");
    const { deletedAt } = file.target;
    if (finding === undefined || deletedAt === undefined) return finding;
    return {
      ...finding,
      certainty: "certain",
      evidence: [...finding.evidence, { source: "API server", text: "The pod is being deleted", at: deletedAt }],
      detail: "The pod is being deleted, which ends its pull: nothing is wrong with it.",
    };
  },
  remedies: (file) => [
    onTheNode(
      file,
      "see whether the runtime gave up for want of progress",
      "journalctl -u containerd -u crio --since -1h | grep -i 'progress'",
    ),
  ],
  examples: [
    ...textExamples("pull-canceled"),
    {
      name: "the pod is being deleted",
      file: { target: { ...examplePod, deletedAt: "2026-11-24T11:57:00Z" }, symptoms: [said("pull-canceled")] },
      finds: "certain",
    },
  ],
});
