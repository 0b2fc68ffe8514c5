import { configExamples, textExamples } from "../evidence/example-parts.ts";
import { byNodeConfig, configEvidence, nodeConfigOf } from "../evidence/node-config.ts";
import { fullName, setImage } from "../evidence/remedies.ts";
import { saidByTheNode } from "../evidence/said-by-the-node.ts";
import { shortened } from "../evidence/sentences.ts";
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
  wordings: [
    {
      writtenBy: "cri-o",
      stage: "kubelet",
      pattern:
        /\bshort name mode is enforcing\b|\breturns ambiguous list\b|\bshort-?name \S+ resolves to an ambiguous\b|\bambiguous list of registries\b/,
      example:
        "rpc error: code = Unknown desc = short name mode is enforcing, but image name shop/web:1 returns ambiguous list",
      source: "cri-o/cri-o internal/storage/image.go",
    },
    {
      writtenBy: "cri-o",
      stage: "kubelet",
      pattern: /\bshort-name resolution enforced but cannot prompt without a TTY\b/,
      example: 'Failed to pull image "web:1": short-name resolution enforced but cannot prompt without a TTY',
      source: "containers/container-libs image/pkg/shortnames/shortnames.go",
    },
  ],
  decide(file) {
    const short = nodeConfigOf(file)?.shortName;
    if (short?.kind !== "ambiguous") return saidByTheNode(file, "short-name-ambiguous");
    const evidence = configEvidence(`To the node the name may mean ${shortened(short.candidates.join(", "))}`);
    return byNodeConfig(
      file,
      "short-name-ambiguous",
      "The image name has no registry, and the node's registries.conf searches several",
      evidence,
    );
  },
  remedies: (file) => [
    setImage(file, "Write the image's full name, with its registry, in the pod template", fullName(file)),
  ],
  examples: [
    ...textExamples("short-name-ambiguous"),
    ...configExamples("short-name-ambiguous", {
      way: [],
      shortName: { kind: "ambiguous", candidates: ["docker.io/web:1", "quay.io/web:1"] },
    }),
  ],
});
