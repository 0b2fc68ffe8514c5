import { defineRegistry } from "./registry.ts";

export const nvcr = defineRegistry({
  id: "nvcr",
  name: "NVIDIA NGC",
  hosts: ["nvcr.io"],
  realmHosts: ["authn.nvidia.com"],
  // Its challenge names no service, and another realm after a token has ended.
  username: {
    fits: (username) => username === "$oauthtoken",
    text: "the user name is $oauthtoken, literally; in a shell in single quotes",
  },
  ownUsers: ["$oauthtoken"],
  blobHosts: ["layers.nvcr.io", "xfiles.ngc.nvidia.com", "*.cloudfront.net"],
  login: {
    console: "https://org.ngc.nvidia.com/setup/api-keys",
    wanted: "an NGC API key",
    username: "$oauthtoken",
  },
  advice: [
    {
      when: ["no-permission"],
      title: "See whether the organisation holds what this image needs (NVIDIA AI Enterprise, early access)",
    },
  ],
});
