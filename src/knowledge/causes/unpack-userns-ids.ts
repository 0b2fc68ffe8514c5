import { textExamples } from "../evidence/example-parts.ts";
import { onTheNode } from "../evidence/node-remedies.ts";
import { defineCause } from "./cause.ts";

export const unpackUsernsIds = defineCause({
  code: "unpack-userns-ids",
  family: "node",
  title: "The layer has user numbers that the node cannot map",
  explanation:
    "The runtime runs in a user namespace with a limited range of user and group numbers, and a file in the image belongs to a number outside it.",
  retryable: false,
  looks: {
    containerd: "`lchown …: invalid argument`",
    "CRI-O": "`there might not be enough IDs available in the namespace (requested U:G for P)`",
    Docker: "`Container ID N cannot be mapped to a host ID`",
  },
  toldFrom: {
    "unpack-failed": "there the reason is another",
  },
  wordings: [
    {
      writtenBy: "cri-o",
      stage: "node",
      pattern:
        /\bnot be enough (?:IDs|UIDs or GIDs) available in the (?:user )?namespace\b|\bnot enough unused IDs in user namespace\b|\bnumber of subordinate IDs\b|\bcannot be mapped to a host ID\b/i,
      example:
        "writing blob: adding layer with blob: potentially insufficient UIDs or GIDs: there might not be enough IDs available in the namespace (requested 1000680000:0 for /app): lchown /app: invalid argument",
      source: "containers/storage pkg/archive/archive.go; moby/moby pkg/idtools/idtools.go",
    },
    {
      writtenBy: "kernel",
      stage: "node",
      pattern: /\bl?chown \S+: invalid argument\b/i,
      example: "failed to register layer: ApplyLayer exit status 1 stdout:  stderr: lchown /srv: invalid argument",
      source: "golang/go src/os/file_posix.go",
    },
  ],
  remedies: (file) => [
    onTheNode(
      file,
      "see the ranges of user numbers and enlarge them, or build the image with smaller numbers",
      "cat /etc/subuid /etc/subgid",
    ),
  ],
  examples: textExamples("unpack-userns-ids"),
});
