import { defineCause } from "./cause.ts";

export const loginBlocksPublicImage = defineCause({
  code: "login-blocks-public-image",
  family: "secret",
  title: "The image is public, and a bad login keeps the node from it",
  explanation:
    "Without a login the registry gives the image; with the login of the pull secret it refuses. The kubelet tries logins it has before it tries none, and some runtimes do not fall back.",
  retryable: false,
  looks: {},
  toldFrom: {
    "credentials-rejected": "there the image is private and needs a right login",
  },
  wordings: [],
  remedies: () => [{ title: "Take the bad login out of the pull secret, or renew it" }],
  examples: [],
});
