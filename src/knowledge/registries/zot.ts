import { defineRegistry } from "./registry.ts";

export const zot = defineRegistry({
  id: "zot",
  name: "zot",
  hosts: [],
  // Without the `Docker-` that the others write.
  signs: [{ header: ["distribution-api-version", "registry/2.0"] }],
  meanings: [
    {
      step: "manifest",
      status: 404,
      code: "MANIFEST_UNKNOWN",
      means: "tag-absent",
      source: "project-zot/zot:pkg/api/routes.go: a missing repository is NAME_UNKNOWN",
    },
  ],
  login: { wanted: "a user of the htpasswd file or LDAP, or an API key", username: "USER" },
});
