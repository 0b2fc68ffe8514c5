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
  wordings: [],
  remedies: () => [{ title: "Give the node the decryption key, or use an image that is not encrypted" }],
  examples: [],
});
