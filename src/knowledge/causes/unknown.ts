import { said } from "../evidence/example-parts.ts";
import { askRegistry, onTheNode } from "../evidence/node-remedies.ts";
import { toldEvidence } from "../evidence/sentences.ts";
import { toldByTheNode } from "../evidence/symptoms.ts";
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
  decide(file) {
    const told = toldByTheNode(file);
    return told?.code === "unknown"
      ? {
          certainty: "possible",
          evidence: toldEvidence(file),
          alternatives: told.alternatives.filter((code) => code !== "*"),
        }
      : undefined;
  },
  remedies: (file) => [
    onTheNode(file, "read the runtime's log", "journalctl -u containerd -u crio -u docker --since -1h"),
    { title: "Ask the registry by hand, from here", command: askRegistry(file) },
  ],
  examples: [
    { name: "a cause that is not recognised", file: { symptoms: [said("unknown")] }, finds: "possible" },
    { name: "near miss: a text without any cause", file: { symptoms: [said("cause-hidden")] }, finds: undefined },
    { name: "near miss: recognised since", file: { symptoms: [said("disk-full"), said("unknown")] }, finds: undefined },
  ],
});
