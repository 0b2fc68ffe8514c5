import { defineRegistry } from "./registry.ts";
import { shellWord } from "./shell-word.ts";

export const digitalocean = defineRegistry({
  id: "digitalocean",
  name: "DigitalOcean Container Registry",
  hosts: ["registry.digitalocean.com"],
  realmHosts: ["api.digitalocean.com"],
  postStatus: 405,
  blobHosts: ["*.digitaloceanspaces.com", "*.*.digitaloceanspaces.com"],
  meanings: [
    {
      step: ["token", "login"],
      status: 401,
      withLogin: true,
      means: "login-refused-or-no-permission",
      source: "digitalocean/doctl: an API token without access is refused alike",
    },
    {
      // The first part of the path is the registry's name.
      step: "token",
      status: 400,
      means: "bad-request",
      source: "digitalocean/doctl: registry name missing or wrong",
    },
  ],
  login: {
    console: "https://cloud.digitalocean.com/account/api/tokens",
    wanted: "an API token, as user name and as password",
    username: "EMAIL",
    lifetime: "30 days from doctl registry login",
  },
  advice: [
    {
      when: ["login-refused", "login-expired", "login-refused-or-no-permission", "login-wanted"],
      title: "Let doctl write the pull secret",
      command: ({ namespace, secret }) =>
        `doctl registry kubernetes-manifest --namespace ${shellWord(namespace)} --name ${shellWord(secret)} | kubectl apply -f -`,
    },
  ],
});
