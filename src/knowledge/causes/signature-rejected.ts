import { textExamples } from "../evidence/example-parts.ts";
import { onTheNode } from "../evidence/node-remedies.ts";
import { saidByTheNode } from "../evidence/said-by-the-node.ts";
import { probeEvidence } from "../evidence/sentences.ts";
import { defineCause } from "./cause.ts";

export const signatureRejected = defineCause({
  code: "signature-rejected",
  family: "content",
  title: "The node's signature policy refuses the image",
  explanation:
    "The runtime on the node checks signatures or asks a verifier, and this image did not pass: it has no signature, or none by a key the node trusts.",
  retryable: false,
  looks: {
    containerd: "`image verifier V blocked pull of X with digest D for reason: …` (2.x)",
    "CRI-O":
      "`Source image rejected: A signature was required, but no signature exists`; from 1.28 prefixed `SignatureValidationFailed: `",
  },
  toldFrom: {
    "registry-policy-blocked": "there the registry refuses",
    "admission-denied": "there the pod does not even exist",
  },
  wordings: [
    {
      writtenBy: "cri-o",
      stage: "prefix",
      pattern: /^/,
      when: (text) => text.errorNames.includes("SignatureValidationFailed"),
      example:
        'Failed to pull image "reg.test/web:1": SignatureValidationFailed: Source image rejected: Running image docker://reg.test/web:1 is rejected by policy.',
      source: "cri-o/cri-o internal/storage/image.go",
    },
    {
      writtenBy: "cri-o",
      stage: "prefix",
      pattern:
        /\bSource image rejected\b|\bA signature was required, but no signature exists\b|\bis rejected by policy\b|\bnone of the signatures were accepted\b|\bcryptographic signature verification failed\b|\bsignatures? do(?:es)? not satisf|\bSecurity validate failed\b/i,
      example:
        "copying system image from manifest list: Source image rejected: None of the signatures were accepted, reasons: Signature for identity reg.test/web:1 is not accepted",
      source: "containers/container-libs image/signature/policy_eval.go",
    },
    {
      writtenBy: "cri-o",
      stage: "prefix",
      pattern: /^/,
      when: (text) => text.heads.includes("signature"),
      example:
        'checking signature of "reg.test/web:1": verifying signatures: open /etc/containers/policy.json: permission denied',
      source: "cri-o/cri-o server/container_create.go",
    },
    {
      writtenBy: "containerd",
      stage: "prefix",
      pattern: /\bimage verifier \S+ (?:blocked pull of|returned error)\b/,
      alternatives: ["pull-timeout"],
      example:
        'failed to pull and unpack image "reg.test/web:1": image verifier bindir blocked pull of reg.test/web:1 with digest sha256:0a for reason: verifier cosign rejected image (exit code 1)',
      source: "containerd/containerd pkg/imageverifier/bindir/bindir.go",
    },
    {
      writtenBy: "docker",
      stage: "prefix",
      pattern:
        /\bremote trust data does not exist\b|\bcosign: no (?:matching )?signatures\b|\bno matching signatures\b/i,
      example: "Error: remote trust data does not exist for reg.test/web: reg.test does not have trust data",
      source: "docker/cli cli/command/image/trust.go",
    },
  ],
  decide(file) {
    const finding = saidByTheNode(file, "signature-rejected");
    const asked = file.probes.filter(({ answer }) => answer.kind === "signatures");
    if (finding === undefined || asked.length === 0) return finding;
    return { ...finding, evidence: [...finding.evidence, ...asked.map((probe) => probeEvidence(probe, file.now))] };
  },
  remedies: (file) => [
    onTheNode(
      file,
      "read the policy, then sign the image with a key it trusts, or change it",
      "cat /etc/containers/policy.json",
    ),
  ],
  examples: textExamples("signature-rejected"),
});
