import { defineRegistry } from "./registry.ts";
import { shellWord } from "./shell-word.ts";

/** `shop.azurecr.io` → `shop`. */
function registryName(host: string): string {
  return shellWord(host.split(".", 1)[0] ?? "REGISTRY");
}

/** The user name that goes with a refresh token. */
export const zeroGuid = "00000000-0000-0000-0000-000000000000";

export const acr = defineRegistry({
  id: "acr",
  name: "Azure Container Registry",
  hosts: ["*.azurecr.io", "*.azurecr.cn", "*.azurecr.de", "*.azurecr.us", "*.*.geo.azurecr.io"],
  postStatus: 400,
  refusesLoginWithoutRight: true,
  tokenLifetime: 4_500,
  username: {
    fits: (username) => username !== "" && !username.includes("@"),
    text: `the user name is an application's GUID, a token's name, the registry's name (admin user), or ${zeroGuid} for a refresh token`,
  },
  ownUsers: [zeroGuid],
  nodesLogIn: true,
  blobHosts: ["*.blob.core.windows.net", "*.*.data.azurecr.io"],
  meanings: [
    {
      status: 403,
      says: "is not allowed access",
      means: "address-denied",
      source: "https://github.com/Azure/acr/issues/633",
    },
    {
      step: ["token", "login"],
      status: [400, 401],
      says: "aadsts7000222",
      means: "login-expired",
      source: "https://github.com/Azure/AKS/issues/3109",
    },
    {
      step: ["token", "login"],
      status: [400, 401],
      says: ["aadsts", "client id must be guid"],
      means: "login-refused",
      source: "https://github.com/microsoft/vscode-docker/issues/3780",
    },
    {
      // An identity without AcrPull and a wrong one look the same.
      step: "token",
      status: 401,
      withLogin: true,
      means: "login-refused-or-no-permission",
      source: "https://github.com/Azure/AKS/issues/4593",
    },
    {
      step: "token",
      status: 403,
      withLogin: true,
      means: "no-permission",
      source: "https://github.com/Azure/AKS/issues/4459",
    },
  ],
  login: {
    wanted: "a repository-scoped token, or a service principal with AcrPull",
    username: "TOKEN_NAME",
    lasting: "On AKS let the cluster pull by its own identity: az aks update -n CLUSTER -g GROUP --attach-acr REGISTRY",
  },
  advice: [
    {
      when: ["login-expired", "login-refused", "login-refused-or-no-permission"],
      title: "Make a new password for the registry's token",
      command: ({ host, username }) =>
        `az acr token credential generate --registry ${registryName(host)} --name ${shellWord(username ?? "TOKEN_NAME")} --password1`,
    },
    {
      when: ["login-wanted", "no-permission", "login-refused-or-no-permission", "absent-or-no-access"],
      title: "Check, on AKS, whether the cluster's identity may pull",
      command: ({ host }) => `az aks check-acr --name CLUSTER --resource-group GROUP --acr ${shellWord(host)}`,
    },
    {
      when: ["address-denied"],
      title: "Let the nodes' outgoing address through the registry's firewall",
      command: ({ host }) => `az acr network-rule add --name ${registryName(host)} --ip-address ADDRESS`,
    },
  ],
});
