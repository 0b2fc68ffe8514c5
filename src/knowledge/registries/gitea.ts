import { defineRegistry } from "./registry.ts";

export const gitea = defineRegistry({
  id: "gitea",
  name: "Gitea or Forgejo",
  hosts: ["codeberg.org"],
  // Its realm is the server's ROOT_URL, which may name another host than the one asked.
  signs: [{ scheme: "bearer", service: "container_registry", scope: "*" }],
  postStatus: 404,
  login: {
    console: "Settings, Applications, Generate New Token",
    wanted: "an access token with scope read:package",
    username: "USER",
  },
  advice: [
    {
      when: ["no-permission", "absent-or-no-access"],
      title: "Make the token anew with scope read:package, as a user who may read the owner's packages",
    },
  ],
});
