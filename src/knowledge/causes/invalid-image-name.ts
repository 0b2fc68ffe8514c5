import type { CaseFile } from "../../domain/case-file.ts";
import { stageOf } from "../evidence/code-classes.ts";
import { reference, said, saidByKubelet } from "../evidence/example-parts.ts";
import { setImage } from "../evidence/remedies.ts";
import { saidByTheNode } from "../evidence/said-by-the-node.ts";
import { shortened, toldEvidence } from "../evidence/sentences.ts";
import { toldCode } from "../evidence/symptoms.ts";
import { defineCause } from "./cause.ts";

const upper: CaseFile["reference"] = {
  kind: "invalid",
  text: "Registry.Example.com/Shop/Web:1.4",
  problem: {
    kind: "upper-case",
    text: "The repository has upper-case letters.",
    kubeletError: "invalid reference format: repository name must be lowercase",
    repaired: "registry.example.com/shop/web:1.4",
  },
};

export const invalidImageName = defineCause({
  code: "invalid-image-name",
  family: "spec",
  title: "The image name cannot be parsed",
  explanation:
    "The text in the pod's `image` field is not an image reference, so the kubelet stops before it asks any registry. Usual reasons: upper-case letters in the repository, a leading `https://`, a space or an invisible character, a template variable that was never filled in, or an empty tag after the colon.",
  retryable: false,
  looks: {
    kubelet:
      '`Failed to apply default image tag "X": couldn\'t parse image reference "X": invalid reference format`; waiting reason `InvalidImageName`',
    containerd: '`failed to parse image reference "X"`, where the kubelet let it pass',
    Docker: "`no such image: X: invalid reference format`",
  },
  toldFrom: {
    "registry-bad-request": "there the name did parse, and the registry answered `name invalid`",
  },
  wordings: [
    {
      writtenBy: "kubelet",
      stage: "kubelet",
      pattern: /^/,
      when: (text) => text.template === "invalid-name",
      certain: true,
      example: `Failed to apply default image tag "Shop/Web:1": couldn't parse image reference "Shop/Web:1": invalid reference format: repository name (Shop/Web) must be lowercase`,
      source: "kubernetes/kubernetes pkg/kubelet/images/image_manager.go",
    },
    {
      writtenBy: "kubelet",
      stage: "kubelet",
      pattern: /^/,
      when: (text) => text.words === "" && text.errorNames.some((name) => name.endsWith("InvalidImageName")),
      certain: true,
      example: "Error: InvalidImageName",
      source: "kubernetes/kubernetes pkg/kubelet/images/types.go",
    },
    {
      writtenBy: "containerd",
      stage: "kubelet",
      pattern:
        /\binvalid reference format\b|\brepository name must (?:not )?(?:be|have) (?:lowercase|canonical|more than|at least)\b|\binvalid repository name \(|\binvalid (?:tag|digest) format\b|\b(?:could not|couldn't|failed to) parse image (?:reference|name)\b|\b(?:parsing|parse) reference\b.*\binvalid\b|\binvalid checksum digest (?:length|format)\b|\bis not a valid repository\/tag\b|(?:^|: )object required\b/,
      alternatives: ["image-inspect-failed"],
      example:
        'rpc error: code = InvalidArgument desc = failed to parse image reference "reg.test//web": invalid reference format',
      source: "containerd/containerd internal/cri/server/images/image_pull.go; distribution/reference reference.go",
    },
  ],
  decide(file) {
    if (file.reference.kind === "valid") return saidByTheNode(file, "invalid-image-name");
    const { problem, text } = file.reference;
    const told = toldCode(file);
    // A registry was asked: then the node reads the name otherwise than we do.
    const parsed = told !== undefined && stageOf(told) !== "before-registry";
    return {
      certainty: parsed ? "likely" : "certain",
      title: `The image name "${shortened(text, 120)}" cannot be parsed`,
      evidence: [
        { source: "API server", text: `The image is written "${shortened(text)}": ${problem.text}` },
        ...toldEvidence(file),
      ],
      detail: [
        problem.text,
        problem.repaired === undefined ? undefined : `Meant is probably "${shortened(problem.repaired)}".`,
      ]
        .filter((part) => part !== undefined)
        .join(" "),
    };
  },
  remedies: (file) => [
    setImage(
      file,
      "Correct the image name in the pod template: lower case, no scheme, no spaces, one tag",
      file.reference.kind === "invalid" ? file.reference.problem.repaired : undefined,
    ),
  ],
  examples: [
    { name: "the name does not parse", file: { reference: upper }, finds: "certain" },
    {
      name: "the kubelet says so of a name that parses here",
      file: { symptoms: [saidByKubelet("invalid-image-name")] },
      finds: "certain",
    },
    {
      name: "it does not parse here, and yet a registry was asked",
      file: { reference: upper, symptoms: [said("manifest-not-found")] },
      finds: "likely",
    },
    {
      name: "near miss: a name that parses",
      file: { reference: { kind: "valid", reference }, symptoms: [said("manifest-not-found")] },
      finds: undefined,
    },
  ],
});
