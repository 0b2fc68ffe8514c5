import { canonicalName } from "../../domain/image-reference.ts";
import { found } from "../../domain/read.ts";
import { refusedAsTheNode } from "../evidence/answers.ts";
import { kubeletExamples } from "../evidence/example-parts.ts";
import { imageWord, onTheNode } from "../evidence/node-remedies.ts";
import { setImage, setPullPolicy } from "../evidence/remedies.ts";
import { saidByTheNode } from "../evidence/said-by-the-node.ts";
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
  decide(file) {
    const finding = saidByTheNode(file, "pull-policy-never");
    const node = found(file.node);
    if (finding === undefined || node === undefined || file.reference.kind !== "valid") return finding;
    if (isBefore133(node.kubeletVersion)) return { ...finding, alternatives: [] };
    const { reference } = file.reference;
    const names = [file.target.image, canonicalName(reference)];
    if (!node.images.some((image) => names.includes(image))) return finding;
    return {
      ...finding,
      evidence: [...finding.evidence, { source: "node", text: `Node ${node.name} lists the image` }],
      // kubernetes pkg/kubelet/images/pullmanager: presence is not told to pods that have shown no right to it (1.33 and later).
      detail:
        "The node has the image. Kubelets of 1.33 and later say the same where the pod has no login that was good for it before.",
      alternatives: ["permission-denied"],
    };
  },
  remedies: (file) => {
    const load = "or load the image there, as on every node that the pod may land on";
    // A pull would give nothing.
    if (refusedAsTheNode(file, ["tag-absent", "repository-absent", "absent"]).length > 0)
      return [
        setImage(file, "Correct the image's name: the registry does not have it either", undefined),
        { title: onTheNode(file, `${load}, from where it was built`, "").title },
      ];
    return [setPullPolicy(file), onTheNode(file, load, `crictl pull ${imageWord(file)}`)];
  },
  examples: kubeletExamples("pull-policy-never"),
});

/** Whether a kubelet is older than the check of who may use an image that is there (1.33). False where the version does not parse. */
function isBefore133(version: string): boolean {
  const minor = /^v?1\.(\d{1,3})(?:\D|$)/.exec(version)?.[1];
  return minor !== undefined && Number(minor) < 33;
}
