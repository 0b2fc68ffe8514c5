import { defineCause } from "./cause.ts";

export const localStoreCorrupt = defineCause({
  code: "local-store-corrupt",
  family: "node",
  title: "The node's image store is damaged",
  explanation:
    "The runtime's records name layers or content that are no longer on its disk. The registry is not involved; removing the image on the node and pulling anew usually mends it.",
  retryable: false,
  looks: {
    containerd:
      "`content digest D: not found`; `parent snapshot D does not exist: not found`; `failed to stat parent: … no such file or directory`",
    "CRI-O": "`layer not known`; `image not known`",
    Docker: "`symlink ../…/diff …: no such file or directory`; `layerdb/tmp/…: directory not empty`",
  },
  toldFrom: {
    "manifest-not-found": "there the registry says not found",
    "blob-not-found": "there the registry lost a part",
    "image-missing-after-pull": "there the image as a whole is gone",
  },
  wordings: [],
  remedies: () => [{ title: "Remove the image on the node and let it be pulled again", command: "crictl rmi IMAGE" }],
  examples: [],
});
