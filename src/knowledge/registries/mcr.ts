import { defineRegistry } from "./registry.ts";

export const mcr = defineRegistry({
  id: "mcr",
  name: "Microsoft Container Registry",
  hosts: ["mcr.microsoft.com", "mcr.azure.cn"],
  blobHosts: ["*.data.mcr.microsoft.com", "*.cdn.mscr.io"],
  login: { wanted: "no login: everybody may pull from here", username: "NOBODY" },
  advice: [
    {
      when: ["rate-limited"],
      title: "Pull through a cache (an artifact cache of Azure Container Registry, a mirror of your own)",
    },
  ],
});
