import type { CaseFile } from "../../domain/case-file.ts";
import { lookupName } from "../../domain/image-reference.ts";
import { grantedAsTheNode, refusalOf, refusedAsTheNode, secretsRead } from "../evidence/answers.ts";
import { dialectFor } from "../evidence/dialect.ts";
import { asked, granted, login, refused, said, tags } from "../evidence/example-parts.ts";
import { hasLogin } from "../evidence/login-need.ts";
import { loginVerdicts } from "../evidence/logins.ts";
import { pushImage, setImage } from "../evidence/remedies.ts";
import { saidByTheNode } from "../evidence/said-by-the-node.ts";
import { probeEvidence, shortened, toldEvidence } from "../evidence/sentences.ts";
import { neighbours, tagIsListed, tagsMeant, tagsProbe } from "../evidence/tags.ts";
import { besideTheNode } from "../evidence/weigh.ts";
import { closedPlace } from "../moved-images.ts";
import { defineCause } from "./cause.ts";

const ci = login();

export const manifestNotFound = defineCause({
  code: "manifest-not-found",
  family: "registry",
  title: "The registry does not have this tag or digest",
  explanation:
    "The registry was reached and says that this tag or digest is not there. The tag was misspelt, never pushed, deleted, or pushed to another repository. containerd prints the same words when the whole repository is missing.",
  retryable: false,
  looks: {
    containerd: '`failed to resolve reference "X": X: not found`',
    "CRI-O": "`reading manifest T in R: manifest unknown`",
    Docker: "`manifest for X not found: manifest unknown: manifest unknown`",
  },
  toldFrom: {
    "repository-not-found": "the registry's code NAME_UNKNOWN tells; containerd does not print it",
    "platform-mismatch": "ends in `not found` too, but speaks of a platform",
    "local-store-corrupt": "ends in `not found` too, but means the node's own store",
    "mirror-failed": "a mirror's 404 can hide the registry's answer",
  },
  wordings: [
    {
      writtenBy: "registry",
      stage: "code",
      pattern:
        /\bmanifest unknown\b|\bMANIFEST_UNKNOWN\b|\bmanifest for \S+ not found\b|\bmanifest (?:tagged by "[^"]*" is )?not found\b|\bThe named manifest is not known\b|\bartifact \S+ not found\b|\bRequested image not found\b|\bRequested entity was not found\b|\bFailed to fetch "[^"]*"|\bTag \S+ not found in repository\b|\bno such manifest\b|\btag (?:does not exist|not found)\b|\bunknown: Not Found\b|\bNOT_FOUND\b/i,
      alternatives: ["repository-not-found", "registry-retired"],
      example: "manifest for reg.test/web:1 not found: manifest unknown: manifest unknown",
      source:
        "distribution/distribution registry/api/errcode/register.go; moby/moby daemon/internal/distribution/errors.go",
    },
    {
      writtenBy: "containerd",
      stage: "status",
      pattern: /(?:^|: )not found\.?$/i,
      when: ({ facts: { operation, grpcCode, status } }) =>
        (status === undefined || status === 404) &&
        (operation === "resolve" || (operation === undefined && grpcCode === "NotFound")),
      alternatives: ["repository-not-found", "registry-retired"],
      example: 'failed to resolve reference "reg.test/web:1": reg.test/web:1: not found',
      source: "containerd/containerd core/remotes/docker/resolver.go",
    },
    {
      writtenBy: "registry",
      stage: "umbrella",
      pattern: /\b404 not found\b/i,
      when: (text) => text.facts.operation === undefined || text.facts.operation === "manifest",
      alternatives: ["repository-not-found", "not-a-registry-endpoint"],
      example: "Error reading manifest reg.test/web: 404 Not Found",
      source: "containers/image docker/docker_image_src.go@v1",
    },
    {
      // Nothing but that: whose words they are, and of what, was left out.
      writtenBy: "containerd",
      stage: "umbrella",
      pattern: /^(?:(?:the )?(?:requested )?image )?(?:was )?not found\.?$/i,
      when: ({ facts: { operation, status }, reason, template }) =>
        status === undefined && operation === undefined && template !== "sandbox" && reason !== "CreateContainerError",
      alternatives: ["repository-not-found", "blob-not-found", "local-store-corrupt"],
      example: 'Failed to pull image "reg.test/web:1": not found',
      source: "containerd/errdefs errors.go",
    },
    {
      writtenBy: "containerd",
      stage: "status",
      pattern: /^/,
      when: (text) =>
        text.facts.status === 404 &&
        text.facts.operation !== "blob" &&
        text.facts.operation !== "config" &&
        text.facts.operation !== "token",
      alternatives: ["repository-not-found", "not-a-registry-endpoint"],
      example: 'reading manifest 1 in reg.test/web: StatusCode: 404, ""',
      source: "containers/container-libs image/docker/errors.go",
    },
  ],
  decide(file) {
    if (grantedAsTheNode(file).length > 0) return saidByTheNode(file, "manifest-not-found");
    const missing = refusedAsTheNode(file, ["tag-absent", "absent"]);
    const list = tagsProbe(file);
    // Artifactory answers 403 for a tag that is missing; its list of tags tells.
    const unlisted =
      tagIsListed(file) === false &&
      loginVerdicts(file).some(({ state }) => state === "hidden" || state === "no-permission");
    const bare = missing.some(({ probe }) => refusalOf(probe)?.meaning === "absent");
    const listed = refusalOf(list)?.meaning;
    if (missing.length === 0 && !unlisted) return saidByTheNode(file, "manifest-not-found");
    // The repository itself is not there: another cause says so.
    if (bare && (listed === "repository-absent" || listed === "absent")) return undefined;
    // Without the list of tags a bare 404 does not tell a missing tag from a missing repository, nor, here and there, from a private one.
    const open = bare && list?.answer.kind !== "tags";
    const hides = open && dialectFor(file).hidesAsAbsent === true;
    const known = (secretsRead(file) || hasLogin(file)) && !hides;
    const race = tagIsListed(file) === true;
    const near = tagsMeant(file);
    return {
      certainty: besideTheNode(file, "manifest-not-found", known && !race ? "certain" : "likely"),
      title: titleFor(file),
      evidence: [
        ...missing.map(({ probe }) => probeEvidence(probe, file.now)),
        ...(list === undefined ? [] : [probeEvidence(list, file.now)]),
        ...neighbours(file).map((probe) => probeEvidence(probe, file.now)),
        ...toldEvidence(file),
      ],
      ...detailOf(near, file),
      alternatives: [...(open ? ["repository-not-found"] : []), ...(hides ? ["access-denied-or-missing"] : [])],
    };
  },
  remedies: (file) => {
    const [near] = tagsMeant(file);
    const { reference } = file;
    const meant =
      near === undefined || reference.kind !== "valid" ? undefined : `${lookupName(reference.reference)}:${near}`;
    return [
      setImage(
        file,
        near === undefined
          ? "Correct the tag or digest in the pod template"
          : `Use tag ${near}, if that is the one that was meant`,
        meant,
      ),
      pushImage(file),
    ];
  },
  examples: [
    {
      name: "the registry does not have the tag",
      file: { probes: [asked(refused("tag-absent", 404))] },
      finds: "certain",
    },
    {
      name: "a bare 404, and the tags can be listed",
      file: { probes: [asked(refused("absent", 404)), asked(tags("1.3", "v1.4"), undefined, "tags")] },
      finds: "certain",
    },
    {
      name: "a 403 for a tag that is not in the list",
      file: { candidates: [ci], probes: [asked(refused("no-permission", 403), ci), asked(tags("1.3"), ci, "tags")] },
      finds: "certain",
    },
    { name: "only the node's text says so", file: { symptoms: [said("manifest-not-found")] }, finds: "likely" },
    {
      name: "the node says so, with a login that no secret of the pod holds",
      file: { symptoms: [said("manifest-not-found")], probes: [asked(refused("login-wanted"))] },
      finds: "likely",
    },
    {
      name: "near miss: the repository is not there either",
      file: { probes: [asked(refused("absent", 404)), asked(refused("repository-absent", 404), undefined, "tags")] },
      finds: undefined,
    },
    {
      name: "near miss: it is there now",
      file: { symptoms: [said("manifest-not-found")], probes: [asked(granted())] },
      finds: undefined,
    },
    {
      name: "the node's name server fails, so the missing tag is not what it met",
      file: { symptoms: [said("dns-unreachable")], probes: [asked(refused("tag-absent", 404))] },
      finds: "possible",
    },
  ],
});

function titleFor({ reference }: CaseFile): string {
  if (reference.kind !== "valid") return "The registry does not have this tag or digest";
  const { repository, tag, digest } = reference.reference;
  const what = digest === undefined ? `tag "${shortened(tag ?? "latest", 128)}"` : `digest ${shortened(digest, 90)}`;
  return `The registry does not have ${what} of ${shortened(repository, 120)}`;
}

/** What may have been meant: a tag that looks alike, or the place where the images went. */
function detailOf(near: readonly string[], file: CaseFile): { readonly detail?: string } {
  const { reference } = file;
  const place = reference.kind === "valid" ? closedPlace(reference.reference) : undefined;
  const alike = near.map((tag) => `"${shortened(tag, 128)}"`).join(", ");
  const parts = [
    ...(tagIsListed(file) === true
      ? [
          "The list of tags names this tag all the same: it was pushed or deleted just now, or what it points to is gone.",
        ]
      : []),
    ...(near.length > 0 ? [`Tags that are there and look alike: ${alike}.`] : []),
    ...(place === undefined ? [] : [`${place.text}.`]),
  ];
  return parts.length === 0 ? {} : { detail: parts.join(" ") };
}
