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
  wordings: [],
  remedies: () => [
    {
      title: "Sign the image with a key the node trusts, or change the node's policy.json",
      command: "cat /etc/containers/policy.json",
    },
  ],
  examples: [],
});
