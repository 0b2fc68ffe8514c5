import { defineRegistry } from "./registry.ts";

export const ocir = defineRegistry({
  id: "ocir",
  name: "Oracle Cloud Infrastructure Registry",
  hosts: ["*.ocir.io", "ocir.*.oci.oraclecloud.com", "container-registry.oracle.com"],
  tellsPrivateFromMissing: false,
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
      source: "Oracle registry token server: anonymous users are only allowed read access on public repos",
    },
    {
      status: 403,
      says: "anonymous users are only allowed",
      withLogin: false,
      means: "absent-or-no-access",
      source: "Oracle registry token server: anonymous users are only allowed read access on public repos",
    },
  ],
  login: {
    console: "https://cloud.oracle.com (User settings, Auth tokens)",
    wanted: "an auth token",
    username: "TENANCY_NAMESPACE/USER",
  },
});
