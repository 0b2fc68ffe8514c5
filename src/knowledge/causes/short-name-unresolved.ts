import { configExamples, textExamples } from "../evidence/example-parts.ts";
import { byNodeConfig, configEvidence, nodeConfigOf } from "../evidence/node-config.ts";
import { fullName, setImage } from "../evidence/remedies.ts";
import { saidByTheNode } from "../evidence/said-by-the-node.ts";
import { defineCause } from "./cause.ts";

export const shortNameUnresolved = defineCause({
  code: "short-name-unresolved",
  family: "spec",
  title: "The image name has no registry and the node knows none to search",
  explanation:
    "The name carries no registry host, and the node's containers configuration has neither an alias for it nor a registry to search. CRI-O does not assume Docker Hub as containerd and Docker do, so nothing was asked.",
  retryable: false,
  looks: {
    "CRI-O":
      '`short-name "X" did not resolve to an alias and no unqualified-search registries are defined`; often as reason `InspectFailed` or `ImageInspectError`',
  },
  toldFrom: {
    "image-inspect-failed": "same event reason; the words about short names decide",
    "short-name-ambiguous": "there several registries are configured",
  },
  wordings: [
    {
      writtenBy: "cri-o",
      stage: "kubelet",
      pattern: /\bdid not resolve to an alias and no (?:unqualified-search|containers-registries)/,
      example:
        'Failed to inspect image "": rpc error: code = Unknown desc = short-name "web:1" did not resolve to an alias and no unqualified-search registries are defined in "/etc/containers/registries.conf"',
      source: "containers/container-libs image/pkg/shortnames/shortnames.go",
    },
    {
      writtenBy: "cri-o",
      stage: "kubelet",
      pattern:
        /\bno registries configured while trying to pull an unqualified image\b|\bno unqualified-search registries are (?:defined|configured)\b/,
      example: "rpc error: code = Unknown desc = no registries configured while trying to pull an unqualified image",
      source: "cri-o/cri-o internal/storage/image.go@release-1.20",
    },
  ],
  decide(file) {
    const short = nodeConfigOf(file)?.shortName;
    if (short?.kind !== "unresolved") return saidByTheNode(file, "short-name-unresolved");
    const evidence = configEvidence("registries.conf has no alias for the name, and no registry to search");
    return byNodeConfig(
      file,
      "short-name-unresolved",
      "The image name has no registry, and the node's registries.conf searches none",
      evidence,
    );
  },
  remedies: (file) => [
    setImage(file, "Write the image's full name, with its registry, in the pod template", fullName(file)),
  ],
  examples: [
    ...textExamples("short-name-unresolved"),
    ...configExamples("short-name-unresolved", { way: [], shortName: { kind: "unresolved", candidates: [] } }),
  ],
});
