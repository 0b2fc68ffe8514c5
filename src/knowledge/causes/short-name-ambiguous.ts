import { defineCause } from "./cause.ts";

export const shortNameAmbiguous = defineCause({
  code: "short-name-ambiguous",
  family: "spec",
  title: "The image name has no registry and the node knows several",
  explanation:
    "The name carries no registry host, several search registries are configured on the node, and short-name mode is `enforcing`. The runtime will not choose one on its own.",
  retryable: false,
  looks: {
    "CRI-O":
      "`short name mode is enforcing, but image name X returns ambiguous list`; `short-name resolution enforced but cannot prompt without a TTY`",
  },
  toldFrom: {
    "short-name-unresolved": "there no registry is configured at all",
  },
  wordings: [],
  remedies: () => [{ title: "Write the full name with its registry in the pod template" }],
  examples: [],
});
