import { defineRegistry } from "./registry.ts";

export const ibm = defineRegistry({
  id: "ibm",
  name: "IBM Cloud Container Registry",
  hosts: ["icr.io", "*.icr.io", "private.*.icr.io"],
  username: {
    fits: (username) => ["iamapikey", "cp", "iambearer"].includes(username),
    text: "the user name is iamapikey (on cp.icr.io: cp)",
  },
  ownUsers: ["iamapikey"],
  blobHosts: ["dd#.icr.io", "dd#.*.icr.io"],
  meanings: [
    {
      status: 403,
      says: "pull traffic quota",
      means: "quota-exceeded",
      source: "ibm-cloud-docs/Registry:registry_quota.md",
    },
    {
      status: 403,
      says: "private-only access",
      means: "address-denied",
      source: "ibm-cloud-docs/Registry:ts_private.md",
    },
    {
      step: ["token", "login"],
      status: 400,
      withLogin: true,
      means: "login-refused",
      source: "ibm-cloud-docs/Registry:registry_access.md",
    },
    {
      step: "manifest",
      status: 403,
      withLogin: false,
      means: "login-wanted",
      source: "ibm-cloud-docs/Registry:ts_forbidden_ce.md",
    },
    {
      // The wrong region answers so, too.
      step: "manifest",
      status: 401,
      withLogin: true,
      means: "absent-or-no-access",
      source: "ibm-cloud-docs/Registry:ts_auth_req.md",
    },
  ],
  login: {
    console: "https://cloud.ibm.com/iam/apikeys",
    wanted: "an IAM API key",
    username: "iamapikey",
  },
  advice: [
    {
      when: ["login-refused", "login-expired"],
      title: "Make an API key",
      command: () => "ibmcloud iam api-key-create pull",
    },
    { when: ["quota-exceeded"], title: "See and raise the quota", command: () => "ibmcloud cr quota" },
    {
      when: ["absent-or-no-access"],
      title: "Compare the region in the host with where the namespace is",
      command: () => "ibmcloud cr region",
    },
  ],
});
