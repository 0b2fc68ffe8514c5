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
  wordings: [],
  remedies: () => [{ title: "See whether other images unpack on this node, and this image on another" }],
  examples: [],
});
