import type { CaseFile } from "../../domain/case-file.ts";
import { manifestsSeen } from "../evidence/answers.ts";
import { asked, granted, said } from "../evidence/example-parts.ts";
import { contentFinding } from "../evidence/manifest-content.ts";
import { shortened } from "../evidence/sentences.ts";
import { defineCause } from "./cause.ts";

export const manifestInvalid = defineCause({
  code: "manifest-invalid",
  family: "content",
  title: "The image's manifest is broken",
  explanation:
    "Manifest and configuration contradict each other, the manifest is too large, or it does not parse. The image was pushed or rewritten wrongly; other nodes will fail too.",
  retryable: false,
  looks: {
    containerd:
      "`mismatched image rootfs and manifest layers`; `wrong diff id calculated on extraction`; `rejecting N byte manifest for X: not found`",
    "CRI-O": "`manifest invalid`",
    Docker: "`layers from manifest don't match image configuration`",
  },
  toldFrom: {
    "digest-mismatch": "there the bytes are not those that were promised",
    "not-a-container-image": "there it was never meant as an image",
  },
  wordings: [
    {
      writtenBy: "containerd",
      stage: "phrase",
      pattern:
        /\bmismatched image rootfs and manifest layers\b|\bwrong diff id\b|\bnumber of layers and diffIDs\b|\brejecting \d+ byte manifest\b|\blayers from manifest don't match image configuration\b|\bmanifest invalid\b|\bMANIFEST_INVALID\b|\bmanifest exceeds? .{0,40}(?:limit|size)|\b(?:invalid|malformed|corrupt) (?:image )?(?:manifest|config)\b|\bcontents? of manifest\b.*\binvalid\b|\brootfs\b.*\bdiff_?ids?\b.*\bmismatch/i,
      alternatives: ["not-a-container-image", "digest-mismatch"],
      example: "failed to unpack image on snapshotter overlayfs: mismatched image rootfs and manifest layers",
      source: "containerd/containerd core/unpack/unpacker.go; moby/moby daemon/internal/distribution/pull_v2.go",
    },
  ],
  decide: (file) =>
    contentFinding(file, {
      code: "manifest-invalid",
      fits: ({ problem }) => problem === "ambiguous" || problem === "too-large" || problem === "mislabelled",
      says: ({ problem, mediaType }) => {
        if (problem === "too-large") return "The image's manifest is larger than runtimes take";
        if (problem === "mislabelled")
          return `The registry sends the manifest as ${shortened(mediaType, 80)}, which runtimes take for no manifest`;
        return "The image's manifest is two kinds of manifest at once, which runtimes refuse";
      },
    }),
  remedies: (file) =>
    isMislabelled(file)
      ? [{ title: "Have the registry, or what stands before it, send the manifest under its own Content-Type" }]
      : [{ title: "Build and push the image again" }],
  examples: [
    {
      name: "the manifest is two things at once",
      file: { probes: [asked(granted({ kind: "unknown", problem: "ambiguous" }))] },
      finds: "certain",
    },
    {
      name: "the manifest comes as plain text",
      file: { probes: [asked(granted({ kind: "unknown", problem: "mislabelled", mediaType: "text/plain" }))] },
      finds: "certain",
    },
    {
      name: "only the node's text says so",
      file: { symptoms: [said("manifest-invalid")], probes: [asked(granted())] },
      finds: "likely",
    },
    { name: "near miss: a manifest as it should be", file: { probes: [asked(granted())] }, finds: undefined },
  ],
});

function isMislabelled(file: CaseFile): boolean {
  return manifestsSeen(file).some(({ facts }) => facts.problem === "mislabelled");
}
