import { defineCause } from "./cause.ts";

export const diskIoError = defineCause({
  code: "disk-io-error",
  family: "node",
  title: "The node's disk gives errors",
  explanation:
    "Reading or writing the image store failed: a defective disk, a file system that was set read-only after errors, or damage to it.",
  retryable: false,
  looks: {
    all: "`input/output error`; `read-only file system`; `structure needs cleaning`",
  },
  toldFrom: {
    "disk-full": "there the disk is fine and has no room",
  },
  wordings: [],
  remedies: () => [{ title: "Take the node out of service and check its disk", command: "kubectl cordon NODE" }],
  examples: [],
});
