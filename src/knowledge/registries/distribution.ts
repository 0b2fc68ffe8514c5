import { defineRegistry } from "./registry.ts";

/** The reference implementation: registry:2 and registry:3. It answers as the specification says. */
export const distribution = defineRegistry({
  id: "distribution",
  name: "CNCF Distribution",
  hosts: [],
  signs: [{ header: ["docker-distribution-api-version", "registry/2.0"] }],
  sharedSigns: true,
  username: { fits: (username) => username !== "", text: "a user of the htpasswd file or of the token server" },
  login: {
    wanted: "a login that may pull",
    username: "USER",
  },
  advice: [
    {
      when: ["token-refused"],
      title:
        "Compare the clocks of registry and token server, and the certificate in auth.token.rootcertbundle with the signing key",
    },
    {
      when: ["registry-fault"],
      title: "Read the registry's log: a pull-through cache hides what its upstream said",
    },
  ],
});
