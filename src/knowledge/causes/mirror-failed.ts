import { grantedAsTheNode } from "../evidence/answers.ts";
import { asked, granted, refused, said } from "../evidence/example-parts.ts";
import { onTheNode } from "../evidence/node-remedies.ts";
import { namedCodes } from "../evidence/said-by-the-node.ts";
import { probeEvidence, shortened, symptomEvidence } from "../evidence/sentences.ts";
import { sameHost, saysMirror, toldByTheNode } from "../evidence/symptoms.ts";
import { defineCause } from "./cause.ts";

const mirror = { foreignHost: "mirror", host: "mirror.example.com" } as const;
const failed = asked(refused("registry-fault", 500));
const viaMirror = {
  ...failed,
  question: {
    ...failed.question,
    via: { scheme: "https", host: "mirror.example.com", path: "/v2", capabilities: ["pull", "resolve"] },
  },
} as const;

export const mirrorFailed = defineCause({
  code: "mirror-failed",
  family: "registry",
  title: "The mirror that the node asks failed",
  explanation:
    "The node is configured to ask a mirror or pull-through cache for this registry, and it was the mirror that failed. The image's own registry may be fine.",
  retryable: true,
  looks: {
    containerd: "the host in the URL is not the image's, usually with `?ns=REGISTRY`",
    "CRI-O": "`(Mirrors also failed: [mirror: error]): image: error`",
    Docker: "a mirror's host in the URL",
  },
  toldFrom: {
    "manifest-not-found": "there the registry itself was asked",
    "blob-store-blocked": "a redirect to a layer host is no mirror",
  },
  wordings: [
    {
      writtenBy: "cri-o",
      stage: "wrapper",
      pattern: /^/,
      opens: true,
      when: (text) => text.heads.includes("mirrors"),
      example:
        "(Mirrors also failed: [mirror.test/web:1: reading manifest 1 in mirror.test/web: manifest unknown]): reg.test/web:1: reading manifest 1 in reg.test/web: unauthorized: authentication required",
      source: "containers/container-libs image/docker/docker_image_src.go",
    },
    {
      writtenBy: "containerd",
      stage: "host",
      pattern: /\S/,
      opens: true,
      when: (text) => text.facts.foreignHost === "mirror",
      example:
        'failed to resolve reference "docker.io/library/web:1": unexpected status from HEAD request to https://mirror.test/v2/library/web/manifests/1?ns=docker.io: 403 Forbidden',
      source: "containerd/containerd core/remotes/docker/resolver.go",
    },
    {
      writtenBy: "registry",
      stage: "phrase",
      pattern:
        /\bUpstream repository is not configured properly\b|\btoo many requests to source registry\b|\bfailed to (?:fetch|pull) (?:from )?(?:the )?upstream\b|\bupstream (?:registry )?(?:error|request failed|returned)\b/i,
      alternatives: ["permission-denied"],
      example:
        "Error response from daemon: unauthorized: The client does not have permission for manifest: Upstream repository is not configured properly",
      source: "https://jfrog.com/help/r/jfrog-artifactory-documentation/docker-registry",
    },
  ],
  decide(file) {
    const told = toldByTheNode(file);
    if (told === undefined || !saysMirror(told)) return undefined;
    const { host } = told.facts;
    const mirrors = file.probes.filter(
      ({ question, answer }) => question.via !== undefined && answer.kind !== "granted" && answer.kind !== "unasked",
    );
    const same = mirrors.filter(
      ({ question }) => host === undefined || (question.via !== undefined && sameHost(question.via.host, host)),
    );
    const [upstream] = grantedAsTheNode(file);
    return {
      certainty: same.length > 0 && upstream !== undefined ? "certain" : "likely",
      ...(host !== undefined && {
        title: `The mirror ${shortened(host, 120)}, which the node asks in the registry's place, failed`,
      }),
      evidence: [
        symptomEvidence(told),
        ...same.map((probe) => probeEvidence(probe, file.now)),
        ...(upstream?.probe === undefined ? [] : [probeEvidence(upstream.probe, file.now)]),
      ],
      ...(upstream !== undefined && { detail: "The registry itself gives the image." }),
      alternatives: namedCodes([...(told.code === "mirror-failed" ? [] : [told.code]), ...told.alternatives]).filter(
        (code) => code !== "mirror-failed",
      ),
    };
  },
  remedies: (file) => [
    onTheNode(
      file,
      "find the mirror's entry; mend the mirror, or take it out",
      "grep -rn -e server -e host -e mirror -e location /etc/containerd/certs.d /etc/containers/registries.conf /etc/containers/registries.conf.d /etc/docker/daemon.json",
    ),
  ],
  examples: [
    {
      name: "the mirror fails from here, too, and the registry itself gives the image",
      file: { symptoms: [said("mirror-failed", mirror)], probes: [asked(granted()), viaMirror] },
      finds: "certain",
    },
    {
      name: "only the node's text says so",
      file: { symptoms: [said("mirror-failed", mirror)], probes: [asked(granted())] },
      finds: "likely",
    },
    {
      name: "the failing host is not the image's",
      file: { symptoms: [said("registry-server-error", mirror)] },
      finds: "likely",
    },
    {
      name: "near miss: the registry itself fails",
      file: { symptoms: [said("registry-server-error")] },
      finds: undefined,
    },
    {
      name: "near miss: a mirror that fails from here, of which the node says nothing",
      file: { symptoms: [said("manifest-not-found")], probes: [viaMirror] },
      finds: undefined,
    },
  ],
});
