import { defineRegistry } from "./registry.ts";

export const nexus = defineRegistry({
  id: "nexus",
  name: "Sonatype Nexus Repository",
  hosts: [],
  // With anonymous access on, docker login succeeds with any password (https://github.com/sonatype/nexus-public/issues/410).
  takesAnyLogin: true,
  signs: [{ scheme: "basic", realm: "Sonatype Nexus Repository Manager" }, { header: ["server", "nexus/"] }],
  login: { console: "Security, Users", wanted: "a user with nx-repository-view-docker-*-read", username: "USER" },
  advice: [
    {
      when: ["login-wanted"],
      title:
        "For anonymous pulls: activate the Docker Bearer Token Realm (Security, Realms) and allow anonymous docker pull on the repository",
    },
  ],
});
