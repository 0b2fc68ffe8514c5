import { defineRegistry } from "./registry.ts";

export const dockerHub = defineRegistry({
  id: "docker-hub",
  name: "Docker Hub",
  hosts: ["docker.io", "index.docker.io", "registry-1.docker.io", "registry.hub.docker.com", "dhi.io"],
  // Image names say docker.io, requests go elsewhere (containerd/containerd:core/remotes/docker/registry.go DefaultHost).
  requestHost: (host) => (host === "docker.io" || host === "index.docker.io" ? "registry-1.docker.io" : host),
  realmHosts: ["auth.docker.io"],
  // dhi.io, until 2026-07: an expired bearer got 401 without a challenge (https://github.com/docker/hub-feedback/issues/2530).
  challenge: { mayBeMissing: true },
  // A refusal of nobody is trouble, not a verdict on a login (https://github.com/docker/docs/issues/22787).
  givesEverybodyAToken: true,
  tokenLifetime: 300,
  username: {
    fits: (username) => !username.includes("@"),
    text: "Docker Hub wants the Docker ID (or, for an organisation token, the organisation's name), never an e-mail address",
  },
  blobHosts: ["production.cloudflare.docker.com", "production.cloudfront.docker.com", "*.*.r2.cloudflarestorage.com"],
  // HEAD is not counted and stays 200 while GET is 429 (https://github.com/docker/hub-feedback/issues/2464).
  remainingHeader: "ratelimit-remaining",
  politeness: { getCounts: true },
  meanings: [
    {
      status: 403,
      says: ["us export control", "since docker is a us company"],
      means: "geo-blocked",
      source: "https://github.com/docker/docs/issues/10533",
    },
    {
      step: ["token", "login"],
      status: 401,
      says: "expired",
      withLogin: true,
      means: "login-expired",
      source: "https://github.com/sailor-sh/CK-X/issues/60",
    },
    {
      step: ["manifest", "tags"],
      status: 401,
      scheme: "bearer",
      means: "absent-or-no-access",
      source: "https://github.com/containerd/containerd/issues/7064",
    },
    {
      step: "manifest",
      status: 404,
      code: "MANIFEST_UNKNOWN",
      means: "tag-absent",
      source: "moby/moby:daemon/internal/distribution/errors.go",
    },
  ],
  login: {
    console: "https://app.docker.com/settings/personal-access-tokens",
    wanted:
      "a personal access token with read access (an organisation that enforces single sign-on takes nothing else)",
    username: "DOCKER_ID",
    server: "https://index.docker.io/v1/",
  },
  advice: [
    {
      when: ["rate-limited"],
      title: "Give the pods a login: limits are higher for an account than for an address, or pull through a cache",
    },
  ],
});
