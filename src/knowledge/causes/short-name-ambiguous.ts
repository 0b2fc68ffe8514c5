import { textExamples } from "../evidence/example-parts.ts";
import { fullName, setImage } from "../evidence/remedies.ts";
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
  remedies: (file) => [
    setImage(file, "Write the image's full name, with its registry, in the pod template", fullName(file)),
  ],
  examples: textExamples("short-name-ambiguous"),
});
