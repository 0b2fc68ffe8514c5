import { defineCause } from "./cause.ts";

export const pullPolicyNever = defineCause({
  code: "pull-policy-never",
  family: "spec",
  title: "The pull policy is Never and the node does not have the image",
  explanation:
    "`imagePullPolicy: Never` forbids the kubelet to pull, and the image is not on the node. From Kubernetes 1.33 the same sentence is also printed when the image is present but this pod has not shown a login for it.",
  retryable: false,
  looks: {
    kubelet: '`Container image "X" is not present with pull policy of Never`; waiting reason `ErrImageNeverPull`',
  },
  toldFrom: {
    "permission-denied":
      "with KubeletEnsureSecretPulledImages the image may be there and withheld; the node's image list and the kubelet version decide",
  },
  wordings: [
    {
      writtenBy: "kubelet",
      stage: "kubelet",
      pattern: /^/,
      when: (text) => text.template === "never",
      certain: true,
      alternatives: ["permission-denied"],
      example: 'Container image "reg.test/shop/web:1" is not present with pull policy of Never',
      source: "kubernetes/kubernetes pkg/kubelet/images/image_manager.go",
    },
    {
      writtenBy: "kubelet",
      stage: "kubelet",
      pattern: /^/,
      when: (text) => text.words === "" && text.errorNames.includes("ErrImageNeverPull"),
      certain: true,
      alternatives: ["permission-denied"],
      example: "Error: ErrImageNeverPull",
      source: "kubernetes/kubernetes pkg/kubelet/images/types.go",
    },
  ],
  remedies: () => [
    { title: "Use `imagePullPolicy: IfNotPresent`, or load the image onto every node the pod may land on" },
  ],
  examples: [],
});
