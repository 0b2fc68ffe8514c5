import { defineRegistry } from "./registry.ts";

export const k8s = defineRegistry({
  id: "k8s",
  name: "registry.k8s.io",
  hosts: ["registry.k8s.io", "k8s.gcr.io"],
  // Everybody may pull and is never challenged; `/v2/` is always 200, and manifests are redirected by the caller's address.
  blobHosts: ["prod-registry-k8s-io-*.s3.dualstack.*.amazonaws.com", "*-docker.pkg.dev"],
  meanings: [
    {
      status: 403,
      says: "does not have permission to get url",
      means: "geo-blocked",
      source: "kubernetes/registry.k8s.io:docs/debugging.md",
    },
  ],
  login: { wanted: "no login: everybody may pull from here", username: "NOBODY" },
});
