import type { CaseFile } from "../../domain/case-file.ts";
import type { Certainty } from "../../domain/certainty.ts";
import type { NodeConfigFacts } from "../../domain/probe.ts";
import { grantedAsTheNode } from "../evidence/answers.ts";
import { isOnTheWay, stageOf } from "../evidence/code-classes.ts";
import { asked, configExamples, granted, refused, said, unreachable } from "../evidence/example-parts.ts";
import { byNodeConfig, configEvidence, nodeConfigOf } from "../evidence/node-config.ts";
import { onTheNode } from "../evidence/node-remedies.ts";
import { saidByTheNode } from "../evidence/said-by-the-node.ts";
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
    "What the node is told of registries and mirrors has a fault: hosts.toml, registries.conf, policy.json, or a certificate's file. containerd passes over a faulty hosts.toml with no more than a line in its log, and then asks the registry itself instead of the mirror; with other faults the runtime asks nobody.",
  retryable: false,
  looks: {
    containerd: "`no resolve hosts: not found`; `unable to read CERT file …`; in its log `failed to parse hosts.toml`",
    "CRI-O": "`loading registries configuration …`; `invalid policy in …`",
    Docker: "`missing key … for client certificate …`",
  },
  toldFrom: {
    "mirror-failed": "there the mirror is asked, and fails",
    "registry-policy-blocked": "there the configuration is in force, and blocks",
  },
  wordings: [
    {
      writtenBy: "containerd",
      stage: "node",
      pattern: /\bno resolve hosts\b|\bunable to read (?:CERT|KEY) file\b/,
      alternatives: ["tls-client-certificate-required"],
      example:
        'failed to resolve reference "reg.test/web:1": unable to read KEY file "/etc/containerd/certs.d/reg.test/client.key": open /etc/containerd/certs.d/reg.test/client.key: permission denied',
      source: "containerd/containerd core/remotes/docker/config/hosts.go; core/remotes/docker/resolver.go",
    },
    {
      writtenBy: "cri-o",
      stage: "node",
      pattern:
        /\bloading registries configuration\b|\binvalid policy in\b|\bno policy\.json file found\b|\bopen \S{0,200}\/policy\.json: |\bregistries\.conf(?:\.d)?\b.{0,100}\btoml: /,
      example: 'invalid policy in "/etc/containers/policy.json": unexpected end of JSON input',
      source:
        "containers/container-libs image/pkg/sysregistriesv2/system_registries_v2.go; image/signature/policy_config.go",
    },
    {
      writtenBy: "docker",
      stage: "node",
      pattern: /\bmissing (?:key|client certificate) \S{1,200} for (?:client certificate|key) /,
      alternatives: ["tls-unknown-ca", "tls-client-certificate-required"],
      example: "missing key ca.key for client certificate ca.cert. CA certificates must use the extension .crt",
      source: "moby/moby daemon/pkg/registry/registry.go; containers/container-libs image/pkg/tlsclientconfig",
    },
  ],
  decide(file) {
    const config = nodeConfigOf(file);
    const code = "node-registry-config";
    if (config?.nowhere !== undefined) {
      const nowhere = shortened(config.nowhere);
      return byNodeConfig(file, code, `The node is left with no host to ask: ${nowhere}`, configEvidence(nowhere));
    }
    const told = toldByTheNode(file);
    if (config?.ignored === undefined || told?.code === code) return saidByTheNode(file, code);
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
      "see what the runtime says of its registry configuration, mend the file, and try a pull",
      "journalctl -u containerd -u crio -u docker --since today | grep -i -e hosts.toml -e config_path -e registries.conf -e mirror",
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
      name: "the runtime itself says what is wrong with a file",
      file: { symptoms: [said("node-registry-config")], probes: [asked(granted())] },
      finds: "likely",
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
