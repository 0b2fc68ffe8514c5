import { asked, granted, said } from "../evidence/example-parts.ts";
import { contentFinding } from "../evidence/manifest-content.ts";
import { imageWord, onTheNode } from "../evidence/node-remedies.ts";
import { shortened } from "../evidence/sentences.ts";
import { defineCause } from "./cause.ts";

export const digestMismatch = defineCause({
  code: "digest-mismatch",
  family: "transfer",
  title: "The bytes that arrived are not the bytes that were promised",
  explanation:
    "What was downloaded does not hash, or measure, to what the manifest says. A proxy, cache or mirror that alters or cuts bodies is the usual reason. A digest that begins with e3b0c442 is that of an empty body.",
  retryable: true,
  looks: {
    containerd: "`unexpected commit digest A, expected B: failed precondition`; `failed size validation: a != b`",
    "CRI-O": "`Digest did not match, expected …, got …`",
    Docker: "`filesystem layer verification failed for digest D`",
  },
  toldFrom: {
    "transfer-interrupted": "there the connection broke and it was noticed",
  },
  wordings: [
    {
      writtenBy: "containerd",
      stage: "phrase",
      pattern:
        /\bunexpected commit digest\b|\bfailed size validation\b|\bunexpected commit size\b|\bDigest did not match\b|\bdoes not match provided manifest digest\b|\bwould not match destination reference\b|\bfilesystem layer verification failed\b|\b(?:manifest|layer|blob|content) verification failed\b|\bdigest (?:mismatch|verification failed)\b|\bverification failed for digest\b|\bblob size mismatch\b|\bconfig\.json digest \S{1,100} does not match\b|\bdoes not match selected manifest digest\b|\bchecksum mismatch\b|\bdoes not match (?:the )?(?:expected|computed) (?:digest|checksum)/i,
      alternatives: ["transfer-interrupted", "manifest-invalid"],
      example:
        'failed commit on ref "layer-sha256:0a": unexpected commit digest sha256:0b, expected sha256:0a: failed precondition',
      source:
        "containerd/containerd plugins/content/local/writer.go; containers/container-libs image/copy/digesting_reader.go",
    },
  ],
  decide: (file) =>
    contentFinding(file, {
      code: "digest-mismatch",
      fits: ({ digestMismatch }) => digestMismatch === true,
      says: ({ digest }) =>
        `The registry gives bytes with another digest than the one asked for${digest === undefined ? "" : `: ${shortened(digest, 90)}`}`,
    }),
  remedies: (file) => [
    onTheNode(
      file,
      "pull again; if that fails alike, compare with a pull past proxy and mirror: a cache in between may hold the bad copy",
      `crictl pull ${imageWord(file)}`,
    ),
    { title: "Push the image again, if the registry itself holds the bad copy" },
  ],
  examples: [
    {
      name: "the manifest's bytes do not have its digest",
      file: { probes: [asked(granted({ digestMismatch: true }))] },
      finds: "certain",
    },
    {
      name: "only the node's text says so: a layer, on its way",
      file: { symptoms: [said("digest-mismatch")], probes: [asked(granted())] },
      finds: "likely",
    },
    {
      name: "near miss: the digest is right",
      file: { probes: [asked(granted({ digestMismatch: false }))] },
      finds: undefined,
    },
  ],
});
