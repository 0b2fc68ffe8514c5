import { defineCause } from "./cause.ts";

export const authServerError = defineCause({
  code: "auth-server-error",
  family: "auth",
  title: "The registry's token server failed",
  explanation:
    "The registry sends clients to a token server for a login, and that server failed or gave something that is not a token. Registry and image may be fine.",
  retryable: true,
  looks: {
    containerd:
      "`failed to fetch oauth token: unexpected status …: 502 Bad Gateway`; `authorization server did not include a token in the response`",
    "CRI-O": "`unable to retrieve auth token: …`",
    Docker: "`Get https://auth…/token…: …` with a 5xx",
  },
  toldFrom: {
    "registry-server-error": "the URL tells: token server or registry",
    "credentials-rejected": "there the token server answered 401",
  },
  wordings: [],
  remedies: () => [{ title: "Try again later and look at the registry's status page" }],
  examples: [],
});
