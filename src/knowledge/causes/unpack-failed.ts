import { textExamples } from "../evidence/example-parts.ts";
import { onTheNode } from "../evidence/node-remedies.ts";
import { defineCause } from "./cause.ts";

export const unpackFailed = defineCause({
  code: "unpack-failed",
  family: "node",
  title: "A layer arrived and could not be unpacked",
  explanation:
    "The layer was downloaded, but the node could not apply it: missing rights, a security module, a broken archive, or a Windows filter. If other nodes unpack the same image, it is this node.",
  retryable: false,
  looks: {
    containerd: "`failed to extract layer …: …`; `archive/tar: invalid tar header`",
    "CRI-O": "`Error processing tar file(exit status 1): …`",
    Docker: "`failed to register layer: ApplyLayer exit status 1 …`; `hcsshim::ImportLayer failed`",
  },
  toldFrom: {
    "unpack-userns-ids": "there the numbers of users do not fit",
    "disk-full": "there space is missing",
    "media-type-unsupported": "an unknown compression looks like a broken archive",
  },
  wordings: [
    {
      writtenBy: "containerd",
      stage: "code",
      pattern:
        /\barchive\/tar: |\bgzip: invalid (?:header|checksum)\b|\bhcsshim::\w+|\bApplyLayer\b|\bhcsshim\b|\bImportLayer\b|\bError processing tar file\b|\bfailed to apply layer\b|\bflate: corrupt input\b|\binvalid tar header\b|\bzstd: /,
      alternatives: ["digest-mismatch", "media-type-unsupported", "windows-version-mismatch", "local-store-corrupt"],
      example:
        "failed to extract layer sha256:0a: mount callback failed on /var/lib/containerd/tmpmounts/containerd-mount7: archive/tar: invalid tar header: unknown",
      source: "golang/go src/archive/tar/common.go; microsoft/hcsshim internal/wclayer/importlayer.go",
    },
    {
      writtenBy: "docker",
      stage: "status",
      pattern:
        /\boperation not permitted\b|\bpermission denied\b|\binvalid argument\b|\bno such file or directory\b|\bfile exists\b|\bnot supported\b|\bnot a directory\b|\bresource busy\b/i,
      when: (text) => text.facts.operation === "unpack",
      alternatives: ["snapshotter-failed", "unpack-userns-ids", "local-store-corrupt"],
      example: "failed to register layer: chmod /usr/bin/ping: operation not permitted",
      source: "moby/moby daemon/internal/distribution/xfer/download.go",
    },
    {
      // The step is known and its error is not, or was cut off.
      writtenBy: "containerd",
      stage: "status",
      pattern: /^/,
      when: (text) => text.facts.operation === "unpack" && (text.words !== "" || text.heads.includes("apply-layer")),
      alternatives: [
        "disk-full",
        "disk-io-error",
        "node-resource-exhausted",
        "snapshotter-failed",
        "unpack-userns-ids",
        "local-store-corrupt",
        "media-type-unsupported",
        "not-a-container-image",
        "decryption-failed",
        "manifest-invalid",
      ],
      example: "failed to extract layer sha256:0a: write /var/lib/containerd/tmpmounts/containerd-mount7/usr/lib/li",
      source: "containerd/containerd core/unpack/unpacker.go",
    },
  ],
  remedies: (file) => [
    onTheNode(
      file,
      "see whether other images unpack there, and read the runtime's log",
      "journalctl -u containerd -u crio -u docker --since -1h",
    ),
  ],
  examples: textExamples("unpack-failed"),
});
