import { defineCause } from "./cause.ts";

export const blobStoreBlocked = defineCause({
  code: "blob-store-blocked",
  family: "transfer",
  title: "The host that serves the layers cannot be reached",
  explanation:
    "The registry answers, but sends clients to another host for the layers (S3, Azure Blob, Google storage, a delivery network), and that host is blocked, silent or refuses.",
  retryable: false,
  looks: {
    containerd: '`failed to copy: httpReadSeeker: failed open: failed to do request: Get "https://OTHER-HOST…": …`',
    "CRI-O": "`fetching blob: …` with another host",
    Docker: "`error pulling image configuration: …`",
  },
  toldFrom: {
    "connect-timeout": "there the registry itself is silent",
    "permission-denied": "a 403 of the layer host is not about the image's rights",
  },
  wordings: [
    {
      writtenBy: "go",
      stage: "network",
      pattern:
        /\bi\/o timeout\b|\btimed out\b|\bconnection refused\b|\bno route to host\b|\bnetwork is unreachable\b|\bwaiting for connection\b/,
      opens: true,
      when: (text) =>
        text.facts.foreignHost === "blob-store" ||
        (text.facts.url === undefined && text.heads.some((head) => head === "config" || head === "download")),
      example:
        'failed to copy: httpReadSeeker: failed open: failed to do request: Get "https://shoplayers.blob.core.windows.net/0a?sig=X": dial tcp 192.0.2.20:443: i/o timeout',
      source: "containerd/containerd core/remotes/docker/httpreadseeker.go",
    },
    {
      writtenBy: "registry",
      stage: "code",
      pattern: /^/,
      opens: true,
      when: (text) => text.facts.foreignHost === "blob-store" && [400, 401, 403].includes(text.facts.status ?? 0),
      alternatives: ["permission-denied", "proxy-rejected", "ip-not-allowed"],
      example:
        "failed to copy: httpReadSeeker: failed open: unexpected status from GET request to https://d0a1.cloudfront.net/shop/0a: 403 Forbidden",
      source: "containerd/containerd core/remotes/docker/httpreadseeker.go",
    },
  ],
  remedies: () => [
    { title: "Allow the layer host named in the text, or the registry's list of hosts, at firewall and proxy" },
  ],
  examples: [],
});
