import { conditionExamples } from "../evidence/example-parts.ts";
import { besideNodeCondition } from "../evidence/node-condition.ts";
import { cordon, onTheNode } from "../evidence/node-remedies.ts";
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
  wordings: [
    {
      writtenBy: "kernel",
      stage: "node",
      pattern:
        /\binput\/output error\b|\bread-only file system\b|\bstructure needs cleaning\b|\bbad message$|\battempt to write a readonly database\b|\bdisk I\/O error\b/i,
      alternatives: ["disk-full", "snapshotter-failed"],
      example: "failed to register layer: write /usr/bin/shop: input/output error",
      source: "golang/go src/syscall/zerrors_linux_amd64.go (EIO, EROFS, EUCLEAN)",
    },
    {
      writtenBy: "windows",
      stage: "node",
      pattern: /\bI\/O device error\b|\bThe media is write protected\b|\bdata error \(cyclic redundancy check\)/i,
      example:
        "failed to extract layer sha256:0a: The request could not be performed because of an I/O device error.: unknown",
      source: "https://learn.microsoft.com/windows/win32/debug/system-error-codes (ERROR_IO_DEVICE)",
    },
  ],
  decide: (file) => besideNodeCondition(file, "disk-io-error", ["ReadonlyFilesystem", "KernelDeadlock"]),
  remedies: (file) => [
    onTheNode(file, "read the kernel's messages about the disk", "dmesg --level=err,warn | tail -n 50"),
    cordon(file),
  ],
  examples: conditionExamples("disk-io-error", "ReadonlyFilesystem"),
});
