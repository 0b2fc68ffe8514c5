import { textExamples } from "../evidence/example-parts.ts";
import { onTheNode } from "../evidence/node-remedies.ts";
import { defineCause } from "./cause.ts";

export const contentLocked = defineCause({
  code: "content-locked",
  family: "node",
  title: "Another pull of the same layer holds its lock",
  explanation:
    "containerd writes each layer once, and another pull of the same layer is at it, or was left hanging. It passes when that one ends; a restart of containerd frees a stuck one.",
  retryable: true,
  looks: {
    containerd: "`ref k8s.io/1/layer-D locked for T (since …): unavailable`",
  },
  toldFrom: {
    "pull-canceled": "the stuck pull before it",
  },
  wordings: [
    {
      writtenBy: "containerd",
      stage: "node",
      pattern: /\blocked for \S+ \(since\b|\blocked: unavailable\b|\bref \S+ locked\b/,
      example:
        "failed to copy: ref k8s.io/1/layer-sha256:0a locked for 3.1s (since 2026-01-01 00:00:00 +0000 UTC): unavailable",
      source: "containerd/containerd plugins/content/local/locks.go",
    },
  ],
  remedies: (file) => [
    onTheNode(
      file,
      "wait some minutes; if it does not pass, restart the runtime, which ends the pull that holds the lock",
      "systemctl restart containerd",
    ),
  ],
  examples: textExamples("content-locked"),
});
