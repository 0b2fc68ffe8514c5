import { defineRegistry } from "./registry.ts";

export const redhat = defineRegistry({
  id: "redhat",
  name: "Red Hat registry",
  hosts: [
    "registry.redhat.io",
    "registry.access.redhat.com",
    "registry.connect.redhat.com",
    "registry.stage.redhat.io",
  ],
  realmHosts: ["registry.redhat.io", "registry.connect.redhat.com", "sso.redhat.com"],
  // The user name of a registry service account is `1234567|name`.
  username: {
    fits: (username) => username !== "",
    text: "a registry service account is NUMBER|NAME, quoted in a shell",
  },
  blobHosts: ["cdn.quay.io", "cdn##.quay.io"],
  meanings: [
    {
      says: ["terms acceptance", "requires terms"],
      status: [401, 403, 404],
      means: "terms-not-accepted",
      source: "https://github.com/redhat-developer/rhdh-local/issues/20",
    },
    {
      step: ["token", "login"],
      status: 401,
      withLogin: true,
      means: "login-refused",
      source: "https://github.com/redhat-actions/buildah-build/issues/19",
    },
  ],
  login: {
    console: "https://access.redhat.com/terms-based-registry/",
    wanted: "a registry service account",
    username: "NUMBER|NAME",
  },
  advice: [
    {
      when: ["terms-not-accepted", "no-permission"],
      title:
        "Accept the terms of this image at https://catalog.redhat.com, or see whether the account's subscription holds it",
    },
    {
      when: ["absent"],
      title:
        "Look for the image at https://catalog.redhat.com: registry.redhat.io and registry.access.redhat.com hold different ones",
    },
  ],
});
