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
  wordings: [],
  remedies: () => [
    { title: "Enlarge the range in /etc/subuid and /etc/subgid, or build the image with smaller numbers" },
  ],
  examples: [],
});
