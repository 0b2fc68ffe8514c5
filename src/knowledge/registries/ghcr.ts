import { defineRegistry } from "./registry.ts";

export const ghcr = defineRegistry({
  id: "ghcr",
  name: "GitHub Container Registry",
  hosts: ["ghcr.io"],
  challenge: { mayBeMissing: true },
  username: { fits: (username) => username !== "", text: "any user name that is not empty; the token decides" },
  blobHosts: ["pkg-containers.githubusercontent.com"],
  meanings: [
    {
      step: ["token", "login", "manifest"],
      status: 403,
      says: "permission_denied",
      means: "no-permission",
      source: "https://github.com/kedacore/http-add-on/issues/48",
    },
    {
      step: ["token", "login"],
      status: 403,
      says: "requested access to the resource is denied",
      means: "absent-or-no-access",
      source: "https://github.com/bytecodealliance/wasm-pkg-tools/issues/40",
    },
    {
      status: 401,
      withLogin: true,
      says: "cannot be authenticated with the token provided",
      means: "login-refused",
      source: "https://github.com/autc04/Retro68/issues/274",
    },
    {
      // A wrong or expired token is 403 here, for public packages too.
      step: ["token", "login"],
      status: 403,
      code: "DENIED",
      withLogin: true,
      means: "login-refused",
      source: "https://github.com/oras-project/oras/issues/1161",
    },
    {
      step: "token",
      status: 401,
      withLogin: false,
      means: "absent-or-no-access",
      source: "https://github.com/DNSControl/dnscontrol/issues/4236",
    },
    {
      step: "manifest",
      status: 404,
      code: "MANIFEST_UNKNOWN",
      means: "tag-absent",
      source: "distribution specification; a missing package is refused at the token server",
    },
  ],
  login: {
    console: "https://github.com/settings/tokens",
    wanted:
      "a classic personal access token with scope read:packages, authorised for the organisation's single sign-on",
    username: "GITHUB_USER",
  },
  advice: [
    {
      when: ["no-permission"],
      title: "Give the token scope read:packages, authorise it for single sign-on, and let its user read the package",
    },
  ],
});
