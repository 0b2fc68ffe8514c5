import { defineRegistry } from "./registry.ts";

export const quay = defineRegistry({
  id: "quay",
  name: "Quay",
  hosts: ["quay.io"],
  signs: [{ scheme: "bearer", realmPath: "/v2/auth", service: "the host itself" }],
  postStatus: 405,
  givesEverybodyAToken: true,
  tokenLifetime: 3_600,
  blobHosts: ["cdn.quay.io", "cdn##.quay.io", "quay-*.s3.amazonaws.com"],
  politeness: { tagsPage: 100 },
  meanings: [
    {
      status: [401, 403, 405],
      says: ["has been disabled", "is disabled"],
      means: "suspended",
      source: "quay/quay:auth/credentials.py and endpoints/v2/v2auth.py",
    },
    { status: 403, says: "quota", means: "quota-exceeded", source: "quay/quay:endpoints/v2/errors.py" },
    {
      step: ["token", "login"],
      status: 400,
      means: "bad-request",
      source: "quay/quay:endpoints/v2/v2auth.py: the scope fits no pattern",
    },
    {
      status: 405,
      code: "UNSUPPORTED",
      means: "bad-request",
      source: "quay/quay:endpoints/v2/errors.py: an application repository",
    },
    {
      // {"error": …} instead of errors[]: the bearer itself is refused.
      step: ["manifest", "tags"],
      status: 401,
      body: "json",
      scheme: "bearer",
      means: "token-refused",
      source: "quay/quay:auth/registry_jwt_auth.py",
    },
    {
      step: "manifest",
      status: 404,
      code: "MANIFEST_UNKNOWN",
      means: "tag-absent",
      source: "quay/quay:endpoints/v2/errors.py; a missing repository is 401 or NAME_UNKNOWN",
    },
  ],
  login: {
    console: "https://quay.io/organization/NAMESPACE?tab=robots",
    wanted: "a robot account with Read on the repository",
    username: "NAMESPACE+ROBOT",
  },
  advice: [
    {
      when: ["absent-or-no-access", "no-permission"],
      title:
        "Give the robot account Read on the repository (Robot Accounts, Permissions); Quay does not tell private from missing",
    },
    {
      when: ["suspended"],
      title: "Ask the namespace's owner or Quay's support: the account is disabled, no new login helps",
    },
  ],
});
