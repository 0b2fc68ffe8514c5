import { defineRegistry } from "./registry.ts";

export const ocir = defineRegistry({
  id: "ocir",
  name: "Oracle Cloud Infrastructure Registry",
  hosts: ["*.ocir.io", "ocir.*.oci.oraclecloud.com", "container-registry.oracle.com"],
  username: {
    fits: (username) => username.includes("/") || username.includes("@") || username === "BEARER_TOKEN",
    text: "the user name is TENANCY_NAMESPACE/USER (federated: TENANCY_NAMESPACE/oracleidentitycloudservice/USER)",
  },
  blobHosts: ["objectstorage.*.oraclecloud.com"],
  meanings: [
    {
      // A wrong login is taken for nobody's, and told so.
      status: 403,
      says: "anonymous users are only allowed",
      withLogin: true,
      means: "login-refused",
      source: "https://github.com/oracle/docker-images/issues/2551",
    },
    {
      status: 403,
      says: "anonymous users are only allowed",
      withLogin: false,
      means: "absent-or-no-access",
      source: "https://github.com/oracle/docker-images/issues/2551",
    },
  ],
  login: {
    console: "https://cloud.oracle.com (User settings, Auth tokens)",
    wanted: "an auth token",
    username: "TENANCY_NAMESPACE/USER",
  },
});
