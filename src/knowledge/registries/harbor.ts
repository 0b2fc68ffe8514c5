import { defineRegistry } from "./registry.ts";

export const harbor = defineRegistry({
  id: "harbor",
  name: "Harbor",
  hosts: [],
  signs: [
    { scheme: "bearer", service: "harbor-registry" },
    // The challenge after a request that already carried a token.
    { scheme: "basic", realm: "harbor" },
  ],
  postStatus: 405,
  masksRefusedLogin: true,
  givesEverybodyAToken: true,
  tokenLifetime: 1_800,
  username: {
    // A shell takes `$name` out of robot$name, so what is left is `robot` or `robot+name`.
    fits: (username) => username !== "" && username !== "robot" && !username.startsWith("robot+"),
    text: "a robot account is robot$NAME or robot$PROJECT+NAME, in single quotes in a shell",
  },
  meanings: [
    {
      step: "manifest",
      status: 404,
      code: "NOT_FOUND",
      says: "@sha256:",
      means: "absent",
      source: "goharbor/harbor:src/controller/artifact/controller.go",
    },
    {
      step: ["manifest", "tags"],
      status: 404,
      says: ["project ", "repository "],
      code: "NOT_FOUND",
      means: "repository-absent",
      source: "goharbor/harbor:src/controller/artifact/controller.go",
    },
    {
      step: "manifest",
      status: 404,
      says: "artifact ",
      code: "NOT_FOUND",
      means: "tag-absent",
      source: "goharbor/harbor:src/controller/artifact/controller.go",
    },
  ],
  login: {
    console: "the project's Robot Accounts",
    wanted: "a robot account that may pull",
    username: "robot$PROJECT+NAME",
    lifetime: "30 days, unless it was made to live longer",
  },
  advice: [
    {
      when: ["policy-blocked"],
      title:
        "Mend or allow-list what the project's policy objects to (vulnerabilities, missing signature); the login is right",
    },
  ],
});
