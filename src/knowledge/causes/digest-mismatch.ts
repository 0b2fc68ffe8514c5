import { defineCause } from "./cause.ts";

export const digestMismatch = defineCause({
  code: "digest-mismatch",
  family: "transfer",
  title: "The bytes that arrived are not the bytes that were promised",
  explanation:
    "What was downloaded does not hash, or measure, to what the manifest says. A proxy, cache or mirror that alters or cuts bodies is the usual reason. The digest e3b0c442… is that of an empty body.",
  retryable: true,
  looks: {
    containerd: "`unexpected commit digest A, expected B: failed precondition`; `failed size validation: a != b`",
    "CRI-O": "`Digest did not match, expected …, got …`",
    Docker: "`filesystem layer verification failed for digest D`",
  },
  toldFrom: {
    "transfer-interrupted": "there the connection broke and it was noticed",
  },
  wordings: [],
  remedies: () => [
    { title: "Download the layer past proxy and mirror and compare its hash; clear the cache that holds the bad copy" },
  ],
  examples: [],
});
