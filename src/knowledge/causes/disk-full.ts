import { defineCause } from "./cause.ts";

export const diskFull = defineCause({
  code: "disk-full",
  family: "node",
  title: "The node's disk is full",
  explanation:
    "There is no space, or no inodes, left where the runtime stores images. CRI-O also needs room in /var/tmp while it downloads.",
  retryable: false,
  looks: {
    containerd: "`failed to extract layer …: write …: no space left on device`",
    "CRI-O": '`writing blob: storing blob to file "/var/tmp/…": … no space left on device`',
    Docker: "`failed to register layer: … no space left on device`",
  },
  toldFrom: {
    "disk-io-error": "a full thin pool can show as an I/O error",
  },
  wordings: [],
  remedies: () => [{ title: "Free space on the node: unused images first", command: "crictl rmi --prune" }],
  examples: [],
});
