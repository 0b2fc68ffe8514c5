import { defineRegistry } from "./registry.ts";

export const alibaba = defineRegistry({
  id: "alibaba",
  name: "Alibaba Cloud Container Registry",
  hosts: [
    "registry.*.aliyuncs.com",
    "registry-vpc.*.aliyuncs.com",
    "registry-intl.*.aliyuncs.com",
    "registry-internal.*.aliyuncs.com",
    "*-registry.*.cr.aliyuncs.com",
    "*-registry-vpc.*.cr.aliyuncs.com",
    "crpi-*.*.personal.cr.aliyuncs.com",
  ],
  // Token servers stand in any region. The label must look like a region: `oss-…` is where customers name their own hosts.
  realmHosts: ["cn", "ap", "us", "eu", "me", "na"].flatMap((area) =>
    ["dockerauth", "dockerauth-vpc", "dockerauth-ee", "dockerauth-ee-vpc"].map(
      (name) => `${name}.${area}-*.aliyuncs.com`,
    ),
  ),
  blobHosts: ["*.oss-*.aliyuncs.com"],
  login: {
    console: "https://cr.console.aliyun.com (Access Credential)",
    wanted: "the registry's fixed password",
    username: "ACCOUNT",
    lifetime: "one hour for a temporary token (user name cr_temp_user)",
    lasting: "On ACK install aliyun-acr-credential-helper, which renews the login",
  },
});
