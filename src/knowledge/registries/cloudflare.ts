import { defineRegistry } from "./registry.ts";

export const cloudflare = defineRegistry({
  id: "cloudflare",
  name: "Cloudflare serverless-registry",
  hosts: ["registry.cloudflare.com", "*.*.workers.dev"],
  login: { wanted: "the user name and password that its operator set", username: "USER" },
});
