import { defineCause } from "./cause.ts";

export const credentialsRejected = defineCause({
  code: "credentials-rejected",
  family: "auth",
  title: "The registry refuses the login that was sent",
  explanation:
    "A login was sent and the registry did not accept it: wrong user or password, a token that was revoked, or an account that is disabled. For many registries the password must be an access token.",
  retryable: false,
  looks: {
    containerd: "`failed to fetch oauth token: … 401 Unauthorized` (oauth means a login was sent)",
    "CRI-O": "`unable to retrieve auth token: invalid username/password`",
    Docker: "`unauthorized: incorrect username or password`",
  },
  toldFrom: {
    "credentials-missing": "there nothing was sent",
    "credentials-expired": "the login was right once",
  },
  wordings: [],
  remedies: () => [{ title: "Renew the login in the pull secret; try it by hand first", command: "docker login HOST" }],
  examples: [],
});
