import { defineCause } from "./cause.ts";

export const unknown = defineCause({
  code: "unknown",
  family: "meta",
  title: "The cause is not recognised",
  explanation:
    "A cause is given, but it is cut off or not one this catalogue knows. The innermost error is quoted as it stands.",
  retryable: true,
  looks: {},
  toldFrom: {
    "cause-hidden": "there no cause is given at all",
  },
  wordings: [],
  remedies: () => [
    {
      title: "Read the quoted error and the runtime's log on the node",
      command: "journalctl -u containerd -u crio -u docker --since -1h",
    },
  ],
  examples: [],
});
