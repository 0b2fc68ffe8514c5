import { canonicalName } from "../../domain/image-reference.ts";
import { grantedAsTheNode, refusedAsTheNode, unreachableProbe } from "../evidence/answers.ts";
import { asked, granted, reference, refused, said } from "../evidence/example-parts.ts";
import { setImage } from "../evidence/remedies.ts";
import { saidByTheNode } from "../evidence/said-by-the-node.ts";
import { probeEvidence, toldEvidence } from "../evidence/sentences.ts";
import { toldCode } from "../evidence/symptoms.ts";
import { neighbours } from "../evidence/tags.ts";
import { closedPlace, movedCandidates } from "../moved-images.ts";
import { defineCause } from "./cause.ts";

const old = { ...reference, registry: "k8s.gcr.io", repository: "pause" };

const partly = { ...reference, registry: "docker.io", repository: "bitnami/nginx" };

export const registryRetired = defineCause({
  code: "registry-retired",
  family: "registry",
  title: "The registry or catalogue was closed or has moved",
  explanation:
    "The place the image name points to has been shut down or moved, as k8s.gcr.io, gcr.io and Bintray were. The image usually lives on under another name.",
  retryable: false,
  looks: {
    registry: "`Container Registry is deprecated and shutting down`; mostly only `not found`",
  },
  toldFrom: {
    "manifest-not-found": "text alone seldom tells; a table of retired hosts does",
  },
  wordings: [
    {
      writtenBy: "registry",
      stage: "phrase",
      pattern:
        /\b(?:Container )?Registry is (?:deprecated|shut|shutting|no longer|being (?:retired|shut))|\bhas been (?:sunset|retired|decommissioned|shut down)\b|\bdomain is disabled\b|\bregistry (?:has moved|was moved|is frozen)\b/i,
      example: "unknown: Container Registry is deprecated and shutting down, please use the auto migration tool",
      source: "https://cloud.google.com/artifact-registry/docs/transition/prepare-gcr-shutdown",
    },
  ],
  decide(file) {
    const place = file.reference.kind === "valid" ? closedPlace(file.reference.reference) : undefined;
    if (place === undefined || grantedAsTheNode(file).length > 0) return saidByTheNode(file, "registry-retired");
    const gone = refusedAsTheNode(file, [
      "absent",
      "tag-absent",
      "repository-absent",
      "absent-or-no-access",
      "no-permission",
    ]);
    const here = unreachableProbe(file);
    const told = toldCode(file);
    if (gone.length === 0 && !(told !== undefined && consequences.has(told))) return undefined;
    const moved = neighbours(file);
    return {
      certainty: gone.length > 0 && (!place.partly || moved.length > 0) ? "certain" : "likely",
      title: place.text,
      evidence: [
        ...gone.map(({ probe }) => probeEvidence(probe, file.now)),
        ...(here === undefined ? [] : [probeEvidence(here, file.now)]),
        ...moved.map((probe) => probeEvidence(probe, file.now)),
        { source: "announcement", text: place.source },
        ...toldEvidence(file),
      ],
    };
  },
  remedies: (file) => {
    const [there] = file.reference.kind === "valid" ? movedCandidates(file.reference.reference) : [];
    const moved = there === undefined ? undefined : canonicalName(there.reference);
    return [
      setImage(
        file,
        moved === undefined
          ? "Find where the image is published today, and use that name"
          : `Use the successor, if it has this tag: ${moved}`,
        moved,
      ),
    ];
  },
  examples: [
    {
      name: "absent at a registry that was closed",
      file: { reference: { kind: "valid", reference: old }, probes: [asked(refused("absent", 404))] },
      finds: "certain",
    },
    {
      name: "the node finds nothing there",
      file: { reference: { kind: "valid", reference: old }, symptoms: [said("manifest-not-found")] },
      finds: "likely",
    },
    {
      name: "absent at a place of which a part is still there: it may just be misspelt",
      file: { reference: { kind: "valid", reference: partly }, probes: [asked(refused("tag-absent", 404))] },
      finds: "likely",
    },
    {
      name: "near miss: it still answers",
      file: { reference: { kind: "valid", reference: old }, probes: [asked(granted())] },
      finds: undefined,
    },
    {
      name: "near miss: absent at a registry that lives",
      file: { probes: [asked(refused("absent", 404))] },
      finds: undefined,
    },
    {
      name: "near miss: the node's disk is full",
      file: { reference: { kind: "valid", reference: old }, symptoms: [said("disk-full")] },
      finds: undefined,
    },
  ],
});

/** How the end of a registry shows on a node. */
const consequences: ReadonlySet<string> = new Set([
  "registry-retired",
  "manifest-not-found",
  "repository-not-found",
  "access-denied-or-missing",
  "permission-denied",
  "dns-nxdomain",
  "connect-timeout",
  "connect-refused",
  "tls-cert-expired",
  "tls-hostname-mismatch",
]);
