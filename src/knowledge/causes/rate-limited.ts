import type { Evidence } from "../../domain/diagnosis.ts";
import type { Asked } from "../evidence/answers.ts";
import { grantedAsTheNode, refusedAsTheNode } from "../evidence/answers.ts";
import { asked, granted, refused, said } from "../evidence/example-parts.ts";
import { hasLogin } from "../evidence/login-need.ts";
import { giveLogin, registryAdvice } from "../evidence/remedies.ts";
import { namedCodes } from "../evidence/said-by-the-node.ts";
import { probeEvidence, symptomEvidence } from "../evidence/sentences.ts";
import { toldByTheNode, toldCode } from "../evidence/symptoms.ts";
import { defineCause } from "./cause.ts";

export const rateLimited = defineCause({
  code: "rate-limited",
  family: "registry",
  title: "The registry limits pulls: too many requests",
  explanation:
    "The registry answered 429: more was asked of it than it allows in a time. Most registries count by account, or by address where no login is sent. The limit opens again by itself: at Docker Hub within six hours, elsewhere after a time of its own.",
  retryable: true,
  looks: {
    containerd: "`429 Too Many Requests - Server message: toomanyrequests: You have reached your pull rate limit`",
    "CRI-O": "`toomanyrequests: …`; `too many requests to registry`",
    Docker: "`toomanyrequests: …`",
  },
  toldFrom: {
    "pull-qps-exceeded": "there the kubelet itself held back",
    "registry-quota-or-billing": "there a quota of traffic or money is used up",
  },
  wordings: [
    {
      writtenBy: "registry",
      stage: "code",
      pattern:
        /\btoo ?many ?requests\b|\bTOOMANYREQUESTS\b|\bpull rate limit\b|\brate limit(?:ed)?\b.{0,20}(?:exceeded|reached)|\bRate exceeded\b|\bThrottlingException\b|\bData limit exceeded\b|\bquota exceeded\b.*\bper minute\b|\bHAP429\b/i,
      example: "toomanyrequests: You have reached your pull rate limit.",
      source: "distribution/distribution registry/api/errcode/register.go; https://docs.docker.com/docker-hub/usage/",
    },
    {
      writtenBy: "containerd",
      stage: "code",
      pattern: /^/,
      when: (text) => text.facts.status === 429,
      example: "pulling from host reg.test failed with status code [manifests 1]: 429",
      source: "https://www.rfc-editor.org/rfc/rfc6585#section-4",
    },
  ],
  decide(file) {
    const told = toldByTheNode(file);
    const says = told?.code === "rate-limited";
    const refused = refusedAsTheNode(file, ["rate-limited", "rate-limited-upstream"]);
    const spent = grantedAsTheNode(file).filter(
      ({ probe }) => probe?.answer.kind === "granted" && probe.answer.rateLimitRemaining === 0,
    );
    const probes = [...refused, ...spent].flatMap(({ probe }) => probe ?? []);
    if (!says && (probes.length === 0 || toldCode(file) !== undefined)) return undefined;
    const upstream = refused.some(
      ({ probe }) => probe.answer.kind === "refused" && probe.answer.meaning === "rate-limited-upstream",
    );
    const withLogin = hasLogin(file) || told?.facts.login === "with";
    const whose = upstream
      ? "It is the limit of the registry behind this one that is used up; a login for this registry does not help."
      : withLogin
        ? "A login was sent, so it is most likely the account's limit."
        : "No login was sent, so it is most likely the limit of the outgoing address, which all nodes behind it share.";
    const fromHere = says
      ? ""
      : " This was seen from this machine; the node may have another address, and so another limit.";
    return {
      certainty: says && probes.length > 0 ? "certain" : "likely",
      evidence: [
        ...(says ? [symptomEvidence(told)] : []),
        ...probes.map((probe) => probeEvidence(probe, file.now)),
        ...remaining(spent),
      ],
      detail: `${whose}${fromHere}`,
      alternatives: says ? namedCodes(told.alternatives) : [],
    };
  },
  remedies: (file) => [
    ...registryAdvice(file, ["rate-limited"]),
    ...(hasLogin(file)
      ? [{ title: "Pull through a cache of your own, or raise the limit of the account" }]
      : giveLogin(file)),
    { title: "Or wait: the limit opens again by itself, and the kubelet keeps trying" },
  ],
  examples: [
    {
      name: "node and probe get 429",
      file: { symptoms: [said("rate-limited")], probes: [asked(refused("rate-limited", 429))] },
      finds: "certain",
    },
    {
      name: "the node got 429, and from here nothing is left either",
      file: {
        symptoms: [said("rate-limited")],
        probes: [asked({ kind: "granted", meaning: "granted", rateLimitRemaining: 0 })],
      },
      finds: "certain",
    },
    { name: "only from here", file: { probes: [asked(refused("rate-limited", 429))] }, finds: "likely" },
    {
      name: "only the node: its address has another limit",
      file: { symptoms: [said("rate-limited")], probes: [asked(granted())] },
      finds: "likely",
    },
    {
      name: "near miss: the probe is limited, the node says something else",
      file: { symptoms: [said("manifest-not-found")], probes: [asked(refused("rate-limited", 429))] },
      finds: undefined,
    },
    { name: "near miss: the kubelet's own limit", file: { symptoms: [said("pull-qps-exceeded")] }, finds: undefined },
  ],
});

function remaining(spent: readonly Asked[]): readonly Evidence[] {
  return spent.length === 0 ? [] : [{ source: "registry", text: "It says that no pull is left of the limit" }];
}
