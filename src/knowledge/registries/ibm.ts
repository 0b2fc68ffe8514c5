import { defineRegistry } from "./registry.ts";

export const ibm = defineRegistry({
  id: "ibm",
  name: "IBM Cloud Container Registry",
  hosts: ["icr.io", "*.icr.io", "private.*.icr.io"],
  tellsPrivateFromMissing: false,
  username: {
    fits: (username) => ["iamapikey", "cp", "iambearer"].includes(username),
    text: "the user name is iamapikey (on cp.icr.io: cp)",
  },
  blobHosts: ["dd#.icr.io", "dd#.*.icr.io"],
  meanings: [
    {
      status: 403,
      says: "pull traffic quota",
      means: "quota-exceeded",
      source: "IBM Cloud documentation, Registry quota",
    },
    {
      status: 403,
      says: "private-only access",
      means: "address-denied",
      source: "IBM Cloud documentation, Registry private network",
    },
    {
      step: ["token", "login"],
      status: 400,
      withLogin: true,
      means: "login-refused",
      source: "IBM Cloud documentation: the username and password combination is not valid",
    },
    {
      step: "manifest",
      status: 403,
      withLogin: false,
      means: "login-wanted",
      source: "IBM Cloud documentation, Registry troubleshooting",
    },
    {
      // The wrong region answers so, too.
      step: "manifest",
      status: 401,
      withLogin: true,
      means: "absent-or-no-access",
      source: "IBM Cloud documentation, Registry troubleshooting",
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
