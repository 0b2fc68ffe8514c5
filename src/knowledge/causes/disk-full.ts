import { conditionExamples } from "../evidence/example-parts.ts";
import { besideNodeCondition } from "../evidence/node-condition.ts";
import { onTheNode } from "../evidence/node-remedies.ts";
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
  wordings: [
    {
      writtenBy: "kernel",
      stage: "node",
      pattern:
        /\bno space left on device\b|\bdisk quota exceeded\b|\bThin Pool has \d+ free (?:data|metadata) blocks\b/i,
      example: "failed to register layer: write /usr/lib/libshop.so: no space left on device",
      source: "golang/go src/syscall/zerrors_linux_amd64.go (ENOSPC, EDQUOT)",
    },
    {
      writtenBy: "windows",
      stage: "node",
      pattern:
        /\bThere is not enough space on the disk\b|\bnot enough (?:free )?(?:disk )?space\b|\binsufficient disk space\b/i,
      example:
        "failed to register layer: re-exec error: exit status 1: output: write C:\\\\ProgramData\\\\docker\\\\layer: There is not enough space on the disk.",
      source: "https://learn.microsoft.com/windows/win32/debug/system-error-codes (ERROR_DISK_FULL)",
    },
  ],
  decide: (file) => besideNodeCondition(file, "disk-full", ["DiskPressure"]),
  remedies: (file) => [
    onTheNode(file, "see how much space and how many inodes are left", "df -h && df -i"),
    onTheNode(file, "remove images that no container uses", "crictl rmi --prune"),
  ],
  examples: conditionExamples("disk-full", "DiskPressure"),
});
