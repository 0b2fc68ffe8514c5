import { defineRegistry } from "./registry.ts";

export const gitlab = defineRegistry({
  id: "gitlab",
  name: "GitLab container registry",
  hosts: ["registry.gitlab.com"],
  signs: [{ scheme: "bearer", realmPath: "/jwt/auth", service: "container_registry" }],
  realmHosts: ["gitlab.com"],
  refusesLoginWithoutRight: true,
  givesEverybodyAToken: true,
  tokenLifetime: 300,
  username: {
    fits: (username) => username !== "" && username !== "gitlab-ci-token",
    text: "a deploy token is gitlab+deploy-token-NUMBER; gitlab-ci-token ends with its job",
  },
  blobHosts: ["cdn.registry.gitlab-static.net", "storage.googleapis.com"],
  // Repeated refused logins ban the address (rack_attack).
  politeness: { bansForRefusedLogins: true },
  meanings: [
    {
      step: ["token", "login"],
      status: 403,
      body: "text",
      says: "forbidden",
      means: "address-denied",
      source: "https://docs.gitlab.com/security/rate_limits/ (rack attack)",
    },
    {
      // An older server says the same to a wrong password, to a right one without access, and of a missing project.
      step: "token",
      status: 403,
      withLogin: true,
      means: "login-refused-or-no-permission",
      source: "https://github.com/canonical/microk8s/issues/4754",
    },
    {
      step: "token",
      status: 403,
      withLogin: false,
      means: "absent-or-no-access",
      source: "https://github.com/getwud/wud/issues/600",
    },
    {
      step: ["token", "login"],
      status: 404,
      means: "suspended",
      source: "gitlab-org/gitlab:app/services/auth/container_registry_authentication_service.rb: registry not enabled",
    },
  ],
  login: {
    console: "the project's Settings, Repository, Deploy tokens",
    wanted: "a deploy token with scope read_registry",
    username: "gitlab+deploy-token-NUMBER",
    lifetime: "until midnight UTC of the day it was given",
  },
  advice: [
    {
      when: ["absent-or-no-access", "no-permission", "login-refused-or-no-permission"],
      title: "See whether the token has scope read_registry, and is of this project or of a group above it",
    },
    {
      when: ["suspended"],
      title: "Switch the container registry on for the project (Settings, General, Visibility)",
    },
    {
      when: ["address-denied"],
      title:
        "Wait for the ban to end (an hour, by default), and mend the login first: each refused try may start it anew",
    },
  ],
});
