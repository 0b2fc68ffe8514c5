import { asked, granted, said } from "../evidence/example-parts.ts";
import { contentFinding } from "../evidence/manifest-content.ts";
import { defineCause } from "./cause.ts";

export const blobNotFound = defineCause({
  code: "blob-not-found",
  family: "transfer",
  title: "A part of the image is missing at the registry",
  explanation:
    "The manifest is there, but a layer, the configuration or the image of one platform that it names is not. The registry's garbage collection, an unfinished push or a partial copy leaves such images behind.",
  retryable: false,
  looks: {
    containerd:
      "`could not fetch content descriptor D (type) from remote: not found`; `content at URL not found: not found`",
    "CRI-O": "`Error fetching blob: invalid status code from registry 404`",
    Docker: "`unknown blob`; `blob unknown to registry`",
  },
  toldFrom: {
    "manifest-not-found": "there the tag itself is missing",
    "local-store-corrupt": "there the node's own store lost it",
  },
  wordings: [
    {
      writtenBy: "containerd",
      stage: "phrase",
      pattern:
        /\bcould not fetch content descriptor \S+ \(application\/(?:vnd\.|octet-stream).{0,200}from remote: not found\b|\bcontent at \S+ not found\b|\bblob unknown\b|\bBLOB_UNKNOWN\b|\bunknown blob\b/,
      alternatives: ["manifest-not-found"],
      when: (text) => !text.whole.includes("prettyjws"),
      example:
        "failed to copy: httpReadSeeker: failed open: content at https://reg.test/v2/web/blobs/sha256:0a not found: not found",
      source:
        "containerd/containerd core/remotes/docker/fetcher.go; distribution/distribution registry/api/errcode/register.go",
    },
    {
      writtenBy: "registry",
      stage: "phrase",
      pattern: /<Code>(?:NoSuchKey|NoSuchVersion|BlobNotFound)<\/Code>/,
      alternatives: ["manifest-not-found"],
      example:
        "error parsing HTTP 404 response body: invalid character '<' looking for beginning of value: \"<Error><Code>NoSuchKey</Code></Error>\"",
      source: "https://docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html",
    },
    {
      writtenBy: "cri-o",
      stage: "status",
      pattern: /^/,
      when: (text) =>
        text.facts.status === 404 && (text.facts.operation === "blob" || text.facts.operation === "config"),
      alternatives: ["manifest-not-found"],
      example: "Error reading blob sha256:0a: Error fetching blob: invalid status code from registry 404 (Not Found)",
      source: "containers/image docker/docker_image_src.go",
    },
    {
      writtenBy: "containerd",
      stage: "status",
      pattern: /\bnot found$/,
      when: (text) =>
        text.facts.operation === "blob" || text.facts.operation === "config" || text.facts.operation === "manifest",
      alternatives: ["manifest-not-found", "local-store-corrupt"],
      example: "failed to copy: httpReadSeeker: failed open: sha256:0a: not found",
      source: "containerd/containerd core/remotes/docker/fetcher.go",
    },
  ],
  decide: (file) =>
    contentFinding(file, {
      code: "blob-not-found",
      fits: ({ blobsReachable, blobFault }) => blobsReachable === false && blobFault === "absent",
      says: () => "The registry has the manifest and not the part that it names",
    }),
  remedies: () => [{ title: "Push the image again, all its platforms; the registry has lost a part of it" }],
  examples: [
    {
      name: "the manifest is there and its config is not",
      file: { probes: [asked(granted({ blobsReachable: false, blobFault: "absent" }))] },
      finds: "certain",
    },
    {
      name: "only the node's text says so",
      file: { symptoms: [said("blob-not-found")], probes: [asked(granted())] },
      finds: "likely",
    },
    {
      name: "near miss: its parts are there",
      file: { probes: [asked(granted({ blobsReachable: true }))] },
      finds: undefined,
    },
  ],
});
