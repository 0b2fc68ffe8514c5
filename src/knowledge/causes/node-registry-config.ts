import type { CaseFile } from "../../domain/case-file.ts";
import type { Certainty } from "../../domain/certainty.ts";
import type { NodeConfigFacts } from "../../domain/probe.ts";
import { grantedAsTheNode } from "../evidence/answers.ts";
import { isOnTheWay, stageOf } from "../evidence/code-classes.ts";
import { asked, configExamples, granted, refused, said, unreachable } from "../evidence/example-parts.ts";
import { byNodeConfig, configEvidence, nodeConfigOf } from "../evidence/node-config.ts";
import { onTheNode } from "../evidence/node-remedies.ts";
import { probeEvidence, shortened, symptomEvidence } from "../evidence/sentences.ts";
import { saysMirror, toldByTheNode } from "../evidence/symptoms.ts";
import { defineCause } from "./cause.ts";

const ignored = "hosts.toml of registry.example.com: unknown capability everything";
const passedOver: NodeConfigFacts = { way: ["registry.example.com"], ignored };

export const nodeRegistryConfig = defineCause({
  code: "node-registry-config",
  family: "node",
  title: "The node does not go by its registry configuration as it is written",
  explanation:
    "What the node is told of registries and mirrors (hosts.toml, config.toml) has a fault. containerd passes over such a file with no more than a line in its log, and then asks the registry itself instead of the mirror; or the file leaves it with nobody to ask.",
  retryable: false,
  looks: {
    containerd: "`no resolve hosts: not found`; in its log `failed to parse hosts.toml`",
  },
  toldFrom: {
    "mirror-failed": "there the mirror is asked, and fails",
    "registry-policy-blocked": "there the configuration is in force, and blocks",
  },
  wordings: [],
  decide(file) {
    const config = nodeConfigOf(file);
    const code = "node-registry-config";
    if (config?.nowhere !== undefined) {
      const nowhere = shortened(config.nowhere);
      return byNodeConfig(file, code, `The node is left with no host to ask: ${nowhere}`, configEvidence(nowhere));
    }
    const told = toldByTheNode(file);
    if (config?.ignored === undefined) return undefined;
    const certainty = weight(file);
    if (certainty === undefined) return undefined;
    const answers = file.probes.filter(({ nodeConfig }) => nodeConfig !== undefined).slice(0, 2);
    return {
      certainty,
      title: `The node does not go by its registry configuration: ${shortened(config.ignored)}`,
      evidence: [
        configEvidence(`containerd passes over it: ${shortened(config.ignored)}`),
        ...answers.map((probe) => probeEvidence(probe, file.now)),
        ...(told === undefined ? [] : [symptomEvidence(told)]),
      ],
      detail: "No mirror that is written there is asked; the image's own registry is.",
    };
  },
  remedies: (file) => [
    onTheNode(
      file,
      "see what containerd says of its registry configuration, mend the file, and try a pull",
      "journalctl -u containerd --since today | grep -i -e hosts.toml -e config_path -e mirror",
    ),
  ],
  examples: [
    ...configExamples("node-registry-config", {
      way: [],
      nowhere: "hosts.toml of docker.io lets no host pull and resolve",
    }),
    {
      name: "hosts.toml is passed over, and the node cannot reach the registry",
      file: {
        symptoms: [said("connect-timeout")],
        probes: [{ ...asked(granted()), nodeConfig: passedOver }],
      },
      finds: "likely",
    },
    {
      name: "hosts.toml is passed over, and the registry has no such tag: the mirror may have it",
      file: {
        symptoms: [said("manifest-not-found")],
        probes: [{ ...asked(refused("tag-absent", 404)), nodeConfig: passedOver }],
      },
      finds: "possible",
    },
    {
      name: "near miss: hosts.toml is passed over, and the registry gives the image to everybody",
      file: { probes: [{ ...asked(granted()), nodeConfig: passedOver }] },
      finds: undefined,
    },
    {
      name: "near miss: the node did ask the mirror",
      file: {
        symptoms: [said("connect-timeout", { foreignHost: "mirror" })],
        probes: [{ ...asked(unreachable("connect-timeout")), nodeConfig: passedOver }],
      },
      finds: undefined,
    },
  ],
});

/** That the file is passed over is certain; that this is why the pull fails is a guess, a better one where the node never heard the registry. */
function weight(file: CaseFile): Certainty | undefined {
  const told = toldByTheNode(file);
  if (told === undefined) return grantedAsTheNode(file).length > 0 ? undefined : "possible";
  if (saysMirror(told)) return undefined;
  const stage = stageOf(told.code);
  if (stage === "after-manifest") return undefined;
  return stage === "by-place" || isOnTheWay(told.code) ? "likely" : "possible";
}
