import { textExamples } from "../evidence/example-parts.ts";
import { onTheNode } from "../evidence/node-remedies.ts";
import { defineCause } from "./cause.ts";

export const snapshotterFailed = defineCause({
  code: "snapshotter-failed",
  family: "node",
  title: "The node's snapshotter cannot prepare the layers",
  explanation:
    "The part of the runtime that stores and mounts layers (overlayfs, stargz, nydus, devmapper, erofs) failed: its service does not run, the kernel lacks support, or it is configured wrongly.",
  retryable: false,
  looks: {
    containerd:
      "`failed to prepare extraction snapshot …`; `failed to mount …: no such device`; `no unpack platforms defined`",
    "CRI-O": "`mounting overlay …`",
  },
  toldFrom: {
    "unpack-failed": "there the layer could not be applied",
    "local-store-corrupt": "there the store lost its content",
  },
  wordings: [
    {
      writtenBy: "containerd",
      stage: "node",
      pattern:
        /\bno unpack platforms defined\b|\bunable to initialize unpacker\b|\bsnapshotter \S+ was not found\b|\bsnapshotter not loaded\b|\bprerequisites for driver not satisfied\b|\bbacking file system is unsupported for this graph driver\b|\bno supported storage backend found\b|\bdoes not support d_type\b|\bfailed to rebase (?:layer|snapshot)\b|\bimage unpack job has no layers\b/,
      alternatives: ["platform-mismatch"],
      example:
        'failed to pull and unpack image "reg.test/web:1": unable to initialize unpacker: no unpack platforms defined: invalid argument',
      source: "containerd/containerd core/unpack/unpacker.go",
    },
    {
      writtenBy: "containerd",
      stage: "node",
      pattern:
        /\bfailed to mount (?!image volume)[^:]{1,300}: (?:no such device|invalid argument|operation not permitted)\b|\bmounting overlay\b|\bcreating overlay mount\b|\bfailed to prepare (?:extraction )?snapshot\b|\bfailed to (?:initialize|create) (?:snapshotter|thin|device)\b|\bdevmapper\b|\bfsType\b.*\bno such device\b|\bsnapshot \S+ is not ready\b|\bfailed to find image ref of snapshot\b|\bdial unix\S{0,20} ?\S{0,200}(?:stargz|nydus|overlaybd|soci|snapshotter)/i,
      alternatives: ["local-store-corrupt", "unpack-failed"],
      example:
        "failed to extract layer sha256:0a: failed to mount /var/lib/containerd/tmpmounts/containerd-mount7: no such device: unknown",
      source: "containerd/containerd core/mount/mount_linux.go",
    },
    {
      writtenBy: "containerd",
      stage: "code",
      pattern: /\S/,
      when: (text) => text.heads.includes("prepare-snapshot"),
      alternatives: ["local-store-corrupt", "unpack-failed"],
      example:
        'failed to prepare extraction snapshot "extract-7 sha256:0a": connection error: desc = "transport: error while dialing": unavailable',
      source: "containerd/containerd core/unpack/unpacker.go",
    },
  ],
  remedies: (file) => [onTheNode(file, "check the snapshotter's service and its kernel module", "ctr plugins ls")],
  examples: textExamples("snapshotter-failed"),
});
