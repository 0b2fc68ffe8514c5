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
        /\bmismatched image rootfs and manifest layers\b|\bdoes not match config's DiffID\b|\bexceeded maximum allowed size of \d+ bytes\b|\buncompressed digest of layer \S{1,200} is \S{1,200} config claims\b|\bimage config has only \d{1,5} DiffID values\b|\breceived a manifest list instead of a manifest\b|\bmedia-type: expected (?:manifest|index) but found\b|\bwrong diff id\b|\bnumber of layers and diffIDs\b|\brejecting \d+ byte manifest\b|\blayers from manifest don't match image configuration\b|\bmanifest invalid\b|\bMANIFEST_INVALID\b|\bmanifest exceeds? .{0,40}(?:limit|size)|\b(?:invalid|malformed|corrupt) (?:image )?(?:manifest|config)\b|\bcontents? of manifest\b.*\binvalid\b|\brootfs\b.*\bdiff_?ids?\b.*\bmismatch/i,
      alternatives: ["not-a-container-image", "digest-mismatch", "media-type-unsupported"],
      example: "failed to unpack image on snapshotter overlayfs: mismatched image rootfs and manifest layers",
      source: "containerd/containerd core/unpack/unpacker.go; moby/moby daemon/internal/distribution/pull_v2.go",
    },
    {
      // A manifest of schema 1 that contradicts itself, or something else that was taken for one.
      writtenBy: "cri-o",
      stage: "phrase",
      pattern:
        /\blength of history not equal to number of layers\b|\bno FSLayers in manifest\b|\bInvalid parent ID\b|\bimage has no layers$|\bimage ID "[^"]{0,100}" is invalid\b|\bInconsistent schema 1 manifest\b/,
      alternatives: ["schema1-unsupported", "not-a-registry-endpoint"],
      example: 'initializing image from source docker://reg.test/web:1: image ID "" is invalid',
      source: "containers/container-libs image/manifest/docker_schema1.go",
    },
    {
      // What came is no manifest: cut off, emptied, or no JSON.
      writtenBy: "containerd",
      stage: "phrase",
      pattern: /: invalid desc sha\d{3}:/,
      alternatives: ["not-a-registry-endpoint", "transfer-interrupted", "digest-mismatch"],
      example: "children: invalid desc sha256:0a: invalid character 'n' looking for beginning of object key string",
      source: "containerd/containerd core/images/image.go; core/remotes/handlers.go",
    },
    {
      writtenBy: "go",
      stage: "code",
      pattern:
        /^(?:unexpected end of JSON input$|json: cannot unmarshal\b|invalid character '.{1,4}' (?:looking for beginning of object key string|in (?:string|numeric)? ?literal|in string escape code|after object key|after array element))/,
      when: ({ facts, heads }) => facts.status === undefined && facts.operation !== "token" && heads.length > 0,
      alternatives: ["not-a-registry-endpoint", "transfer-interrupted", "schema1-unsupported"],
      example: "Error response from daemon: unexpected end of JSON input",
      source: "golang/go src/encoding/json/scanner.go; moby/moby daemon/internal/distribution/pull_v2.go",
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
