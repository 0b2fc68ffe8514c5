import { defineRegistry } from "./registry.ts";

export const artifactory = defineRegistry({
  id: "artifactory",
  name: "JFrog Artifactory",
  hosts: ["*.jfrog.io"],
  signs: [
    { header: ["x-jfrog-version", ""] },
    { header: ["x-artifactory-id", ""] },
    { scheme: "basic", realm: "Artifactory Realm" },
  ],
  postStatus: 401,
  hidesAsAbsent: true,
  refusesMissingTag: true,
  meanings: [
    {
      // Said of a missing tag as well.
      step: "manifest",
      status: 403,
      says: "download request for",
      means: "absent-or-no-access",
      source: "https://github.com/sigstore/cosign/issues/2973",
    },
    {
      step: ["manifest", "tags"],
      status: 404,
      code: "NAME_UNKNOWN",
      means: "absent-or-no-access",
      source: "Artifactory hides repositories from those who may not read them",
    },
  ],
  login: {
    console: "Edit Profile, Generate an Identity Token",
    wanted: "an identity token of a user who may read the repository",
    username: "USER",
  },
});
