import { defineRegistry } from "./registry.ts";

export const tencent = defineRegistry({
  id: "tencent",
  name: "Tencent Container Registry",
  hosts: ["ccr.ccs.tencentyun.com", "*ccr.ccs.tencentyun.com", "*.tencentcloudcr.com"],
  tokenLifetime: 7_200,
  username: {
    fits: (username) => /^[0-9]+$/.test(username) || username.startsWith("tcr$"),
    text: "the user name is the account ID, in digits",
  },
  blobHosts: ["*.cos.*.myqcloud.com"],
  login: {
    console: "https://console.cloud.tencent.com/tcr (Access Credential)",
    wanted: "a long-term access credential",
    username: "ACCOUNT_ID",
    lifetime: "one hour for a temporary one",
    lasting: "On TKE install the TCR addon, which keeps the login",
  },
});
