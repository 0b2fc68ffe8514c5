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
  wordings: [],
  remedies: () => [
    { title: "Wait; if it does not pass, restart containerd on the node", command: "systemctl restart containerd" },
  ],
  examples: [],
});
