import { textExamples } from "../evidence/example-parts.ts";
import { imageWord, onTheNode } from "../evidence/node-remedies.ts";
import { recreatePod } from "../evidence/remedies.ts";
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
  wordings: [
    {
      writtenBy: "containerd",
      stage: "node",
      pattern:
        /\bcontent digest \S+: not found\b|\bparent snapshot \S+ does not exist\b|\bfailed to stat parent\b|\bsnapshot \S+ does not exist\b|\bfailed to get reader from content store\b|\btarget snapshot "[^"]*": already exists\b|\bfailed to rename: rename \S+ \S+: file exists\b|\bmissing (?:parent )?(?:"[^"]*" )?bucket\b|\bmissing content in\b/,
      example: "failed to unpack image on snapshotter overlayfs: content digest sha256:0a: not found",
      source: "containerd/containerd core/metadata/content.go; core/snapshots/storage/bolt.go",
    },
    {
      writtenBy: "cri-o",
      stage: "node",
      pattern:
        /\blayer not known\b|\blocating (?:item|image) \S.{0,60}not known\b|\bimage (?:data )?\S* ?is corrupt|\bstorage\.conf\b.*\bcorrupt|\bin local storage but may be corrupted\b|\bloading primary (?:layer|image|container) store data\b|\bcan't stat lower layer\b|\brecreat(?:e|ing) the missing symlinks\b|\blocating item named\b.{0,200}\bfor image with ID\b|\bcreating overlay mount to \S+: no such file or directory\b/i,
      example: "writing blob: adding layer with blob: layer not known",
      source: "containers/storage errors.go",
    },
    {
      writtenBy: "cri-o",
      stage: "node",
      pattern:
        /^(?!.{0,200}\bcontainer name\b).*\bthat (?:ID|name) is already in use\b|\blayer content (?:incorrect (?:digest|size)|modified)\b|\b(?:image|layer) data item (?:is missing|has incorrect size)\b|\blayer is missing$|\berror loading storage metadata\b|\bincomplete layer exists and can't be cleaned up\b|\blayer for blob \S{1,100} not found\b|\bunable to read target bucket\b/,
      alternatives: ["disk-io-error"],
      example: "committing the finished image: creating layer: that ID is already in use",
      source: "containers/container-libs storage/types/errors.go; image/storage/storage_dest.go",
    },
    {
      writtenBy: "docker",
      stage: "node",
      pattern:
        /\bsymlink \.\.\/\S+\/diff \S+: no such file or directory\b|\blayerdb\/\S*: (?:directory not empty|file exists|no such file or directory)|\blayer does not exist\b|\bimagedb\/\S+: no such file or directory\b|\/overlay2\/\S+: no such file or directory\b|\/storage\/overlay\/\S+: no such file or directory\b|\blayerdb\b.*\bdirectory not empty\b/,
      alternatives: ["unpack-failed"],
      example:
        "failed to register layer: symlink ../0a1b/diff /var/lib/docker/overlay2/l/ABCDEF: no such file or directory",
      source: "moby/moby daemon/graphdriver/overlay2/overlay.go; layer/filestore.go",
    },
    {
      writtenBy: "docker",
      stage: "node",
      pattern:
        /\brename \S*layerdb\S* \S+: (?:directory not empty|file exists|no such file or directory)|\bfailed to get digest sha256:\S+: open\b|\/docker\/tmp\/GetImageBlob\S+: no such file or directory\b|\bcommit failed: .{0,300}no such file or directory\b/,
      example:
        "failed to register layer: rename /var/lib/docker/image/overlay2/layerdb/tmp/write-set-01 /var/lib/docker/image/overlay2/layerdb/sha256/0a: directory not empty",
      source: "moby/moby layer/filestore.go",
    },
  ],
  remedies: (file) => [
    onTheNode(file, "remove the image and have it pulled again", `crictl rmi ${imageWord(file)}`),
    ...recreatePod(file),
  ],
  examples: textExamples("local-store-corrupt"),
});
