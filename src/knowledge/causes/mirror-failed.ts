import { defineCause } from "./cause.ts";

export const mirrorFailed = defineCause({
  code: "mirror-failed",
  family: "registry",
  title: "The mirror that the node asks failed",
  explanation:
    "The node is configured to ask a mirror or pull-through cache for this registry, and it was the mirror that failed. The image's own registry may be fine.",
  retryable: true,
  looks: {
    containerd: "the host in the URL is not the image's, usually with `?ns=REGISTRY`",
    "CRI-O": "`(Mirrors also failed: [mirror: error]): image: error`",
    Docker: "a mirror's host in the URL",
  },
  toldFrom: {
    "manifest-not-found": "there the registry itself was asked",
    "blob-store-blocked": "a redirect to a layer host is no mirror",
  },
  wordings: [
    {
      writtenBy: "cri-o",
      stage: "wrapper",
      pattern: /^/,
      opens: true,
      when: (text) => text.heads.includes("mirrors"),
      example:
        "(Mirrors also failed: [mirror.test/web:1: reading manifest 1 in mirror.test/web: manifest unknown]): reg.test/web:1: reading manifest 1 in reg.test/web: unauthorized: authentication required",
      source: "containers/container-libs image/docker/docker_image_src.go",
    },
    {
      writtenBy: "containerd",
      stage: "host",
      pattern: /\S/,
      opens: true,
      when: (text) => text.facts.foreignHost === "mirror",
      example:
        'failed to resolve reference "docker.io/library/web:1": unexpected status from HEAD request to https://mirror.test/v2/library/web/manifests/1?ns=docker.io: 403 Forbidden',
      source: "containerd/containerd core/remotes/docker/resolver.go",
    },
    {
      writtenBy: "registry",
      stage: "phrase",
      pattern:
        /\bUpstream repository is not configured properly\b|\btoo many requests to source registry\b|\bfailed to (?:fetch|pull) (?:from )?(?:the )?upstream\b|\bupstream (?:registry )?(?:error|request failed|returned)\b/i,
      alternatives: ["permission-denied"],
      example:
        "Error response from daemon: unauthorized: The client does not have permission for manifest: Upstream repository is not configured properly",
      source: "https://jfrog.com/help/r/jfrog-artifactory-documentation/docker-registry",
    },
  ],
  remedies: () => [
    { title: "Look at the mirror, or take it out of hosts.toml, registries.conf or registry-mirrors on the node" },
  ],
  examples: [],
});
