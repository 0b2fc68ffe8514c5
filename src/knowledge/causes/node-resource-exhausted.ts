import { conditionExamples } from "../evidence/example-parts.ts";
import { besideNodeCondition } from "../evidence/node-condition.ts";
import { onTheNode } from "../evidence/node-remedies.ts";
import { defineCause } from "./cause.ts";

export const nodeResourceExhausted = defineCause({
  code: "node-resource-exhausted",
  family: "node",
  title: "The node ran out of memory, processes or file handles",
  explanation:
    "While unpacking, the node could not get memory, a process or a file handle. The unpacker may have been killed by the kernel.",
  retryable: true,
  looks: {
    containerd: "`cannot allocate memory`; `resource temporarily unavailable`; `too many open files`",
    "CRI-O": "`Error processing tar file(signal: killed)`",
    Docker: "`fork/exec /proc/self/exe: cannot allocate memory`",
  },
  toldFrom: {
    "unpack-failed": "there the node had what it needed",
  },
  wordings: [
    {
      writtenBy: "kernel",
      stage: "node",
      pattern:
        /\bcannot allocate memory\b|\bresource temporarily unavailable\b|\btoo many open files\b|\bsignal: killed\b|\bout of memory\b/i,
      example: "Error processing tar file(exit status 1): fork/exec /proc/self/exe: cannot allocate memory",
      source: "golang/go src/syscall/zerrors_linux_amd64.go (ENOMEM, EAGAIN, EMFILE)",
    },
    {
      writtenBy: "windows",
      stage: "node",
      pattern:
        /\bInsufficient system resources exist\b|\bThe paging file is too small\b|\bNot enough (?:memory resources|storage) (?:are|is) available\b/i,
      example:
        "hcsshim::ImportLayer failed in Win32: Insufficient system resources exist to complete the requested service. (0x5aa)",
      source: "https://learn.microsoft.com/windows/win32/debug/system-error-codes",
    },
  ],
  decide: (file) => besideNodeCondition(file, "node-resource-exhausted", ["MemoryPressure", "PIDPressure"]),
  remedies: (file) => [
    onTheNode(
      file,
      "see what memory, processes and file handles are used",
      "free -m && cat /proc/sys/fs/file-nr && dmesg | tail -n 50",
    ),
  ],
  examples: conditionExamples("node-resource-exhausted", "MemoryPressure"),
});
