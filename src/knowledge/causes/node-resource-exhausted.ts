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
  wordings: [],
  remedies: () => [{ title: "Check the node's memory and process pressure", command: "kubectl describe node NODE" }],
  examples: [],
});
