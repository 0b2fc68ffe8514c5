import type { CaseFile } from "../../domain/case-file.ts";
import type { Finding } from "../../domain/diagnosis.ts";
import { grantedByTheRegistry, refusedAsTheNode } from "../evidence/answers.ts";
import { asked, examplePod, granted, reference, refused, said, unreachable } from "../evidence/example-parts.ts";
import { configEvidence, nodesWay, wayEvidence } from "../evidence/node-config.ts";
import { onTheNode } from "../evidence/node-remedies.ts";
import { namedCodes } from "../evidence/said-by-the-node.ts";
import { probeEvidence, registryWords, shortened, symptomEvidence } from "../evidence/sentences.ts";
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

const both = ["mirror.example.com", reference.registry];
const onlyMirror = [{ ...asked(granted()), nodeConfig: { way: ["mirror.example.com"] } }, viaMirror] as const;

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
      // The address of a mirror in the node's configuration is no URL.
      writtenBy: "containerd",
      stage: "phrase",
      pattern: /^parse ".*[?&]ns=/,
      example:
        'failed to resolve reference "reg.test/web:1": parse ":///mirror.test/web/manifests/1?ns=reg.test": missing protocol scheme',
      source: "golang/go src/net/url/url.go; containerd/containerd core/remotes/docker/config/hosts.go",
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
    if (told === undefined || !saysMirror(told)) return byTheWay(file);
    const { host } = told.facts;
    const mirrors = file.probes.filter(
      ({ question, answer }) => question.via !== undefined && answer.kind !== "granted" && answer.kind !== "unasked",
    );
    const same = mirrors.filter(
      ({ question }) => host === undefined || (question.via !== undefined && sameHost(question.via.host, host)),
    );
    const [upstream] = grantedByTheRegistry(file);
    // A mirror that has not what the registry has not is in order.
    const inOrder =
      told.facts.status === 404 && refusedAsTheNode(file, ["absent", "tag-absent", "repository-absent"]).length > 0;
    return {
      certainty: inOrder ? "possible" : same.length > 0 && upstream !== undefined ? "certain" : "likely",
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
      name: "the node asks the mirror alone, and has not tried yet",
      file: { target: { ...examplePod, containerKind: "planned" }, probes: onlyMirror },
      finds: "certain",
    },
    {
      name: "the node asks the mirror alone, and names no cause",
      file: { symptoms: [said("cause-hidden")], probes: onlyMirror },
      finds: "likely",
    },
    {
      name: "the mirror alone wants a login, which the node may have",
      file: { probes: [onlyMirror[0], { ...viaMirror, answer: refused("login-wanted") }] },
      finds: "possible",
    },
    {
      name: "mirror and registry fail, and it is the mirror's failure that containerd reports",
      file: {
        symptoms: [said("registry-server-error")],
        probes: [{ ...asked(refused("tag-absent", 404)), nodeConfig: { way: both } }, viaMirror],
      },
      finds: "likely",
    },
    {
      name: "near miss: the same by CRI-O, which reports what the registry said last",
      file: {
        symptoms: [said("registry-server-error")],
        probes: [{ ...asked(refused("tag-absent", 404)), nodeConfig: { way: both, reportsLast: true } }, viaMirror],
      },
      finds: undefined,
    },
    {
      name: "near miss: mirror and registry fail, and it is the registry's failure that counts",
      file: {
        symptoms: [said("manifest-not-found")],
        probes: [
          { ...asked(refused("tag-absent", 404)), nodeConfig: { way: both } },
          { ...viaMirror, answer: unreachable("connect-timeout") },
        ],
      },
      finds: undefined,
    },
    {
      name: "near miss: the registry gives what the mirror has not",
      file: { probes: [{ ...asked(granted()), nodeConfig: { way: both } }, viaMirror] },
      finds: undefined,
    },
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
      name: "the mirror lacks what the registry lacks, too",
      file: {
        symptoms: [said("mirror-failed", { ...mirror, status: 404 })],
        probes: [asked(refused("tag-absent", 404))],
      },
      finds: "possible",
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

/**
 * The same by the node's configuration: all that the node asks was asked from here, nobody gives the image, and a mirror's failure is
 * the one that is reported. We ask a mirror without the login that the node may have for it.
 */
function byTheWay(file: CaseFile): Finding | undefined {
  const { mirrorsAlone, reported } = nodesWay(file);
  if (reported === undefined || !reported.isMirror) return undefined;
  const { answer } = reported.probe;
  const told = toldByTheNode(file);
  const planned = file.target.containerKind === "planned" && file.target.failures.length === 0;
  const login = answer.kind === "refused" && (answer.words.status === 401 || answer.words.status === 403);
  const sure = planned && answer.kind === "refused" && !login ? "certain" : "likely";
  const place = shortened(reported.place, 120);
  return {
    certainty: login ? "possible" : sure,
    title: mirrorsAlone
      ? `The mirror ${place}, which the node asks in the registry's place and without falling back to it, failed`
      : `The mirror ${place}, which the node asks before the registry, failed, and so did the registry`,
    evidence: [
      ...(mirrorsAlone
        ? [configEvidence(`The node asks ${place} for this image, and not ${registryWords(file)}`)]
        : []),
      ...wayEvidence(file),
      ...(told === undefined ? [] : [symptomEvidence(told)]),
    ],
    ...(grantedByTheRegistry(file).length > 0 && { detail: "The registry itself gives the image." }),
  };
}
