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
  wordings: [],
  remedies: () => [
    { title: "Check the snapshotter's service and its kernel module on the node", command: "ctr plugins ls" },
  ],
  examples: [],
});
