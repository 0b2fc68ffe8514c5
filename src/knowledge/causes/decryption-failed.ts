import { textExamples } from "../evidence/example-parts.ts";
import { defineCause } from "./cause.ts";

export const decryptionFailed = defineCause({
  code: "decryption-failed",
  family: "content",
  title: "The image is encrypted and the node cannot decrypt it",
  explanation: "Layers of the image are encrypted, and the node has no key for them, or its decoder does not run.",
  retryable: false,
  looks: {
    containerd: "`failed to get stream processor for …+encrypted: …`; `missing private key needed for decryption`",
    "CRI-O": "`decrypting layer D: …`",
  },
  toldFrom: {
    "media-type-unsupported": "`+encrypted` in the media type decides",
  },
  wordings: [
    {
      writtenBy: "containerd",
      stage: "phrase",
      pattern:
        /\bmissing private key needed for decryption\b|\bfailed to (?:get decrypt key|decrypt)|\bdecrypting layer\b|\bctd-decoder\b|\bunwrapping? (?:key|failed)\b.*\bdecrypt|\bno suitable (?:private )?(?:key|decrypt)|\bno private keys found for \S{1,20} decryption\b|\bGPG: Missing private key\b|\bNecessary DecryptParameters not present\b/i,
      example: "failed to handle layer: failed to get decrypt key missing private key needed for decryption",
      source: "containers/ocicrypt encryption.go",
    },
    {
      writtenBy: "containerd",
      stage: "phrase",
      pattern: /\S/,
      when: (text) => text.facts.mediaType?.includes("+encrypted") === true,
      example:
        "failed to extract layer sha256:0a: failed to get stream processor for application/vnd.oci.image.layer.v1.tar+gzip+encrypted: exit status 1: unknown",
      source: "containerd/imgcrypt cmd/ctd-decoder/main.go",
    },
  ],
  remedies: () => [{ title: "Give the nodes the decryption key, or use an image that is not encrypted" }],
  examples: textExamples("decryption-failed"),
});
