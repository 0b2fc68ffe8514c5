import { defineRegistry } from "./registry.ts";

export const chainguard = defineRegistry({
  id: "chainguard",
  name: "Chainguard",
  hosts: ["cgr.dev"],
  blobHosts: ["*.*.r2.cloudflarestorage.com"],
  meanings: [
    {
      step: "token",
      status: 403,
      withLogin: true,
      means: "no-permission",
      source: "https://edu.chainguard.dev/chainguard/containers/troubleshooting/registry-errors/",
    },
  ],
  login: {
    wanted: "a pull token",
    username: "PULL_TOKEN_ID",
    lifetime: "30 days, unless it was made to live longer",
  },
  advice: [
    {
      when: ["login-refused", "login-expired", "login-wanted"],
      title: "Make a pull token",
      command: () => "chainctl auth configure-docker --pull-token",
    },
  ],
});
