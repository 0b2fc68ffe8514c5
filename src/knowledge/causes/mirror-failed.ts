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
  wordings: [],
  remedies: () => [
    { title: "Look at the mirror, or take it out of hosts.toml, registries.conf or registry-mirrors on the node" },
  ],
  examples: [],
});
