import { asked, granted, login, refused, said } from "../evidence/example-parts.ts";
import { loginFault } from "../evidence/login-fault.ts";
import { registryAdvice, tryLogin, writePullSecret } from "../evidence/remedies.ts";
import { defineCause } from "./cause.ts";

const ci = login();
const backup = login("backup");

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
  wordings: [
    {
      // containers/image writes this of every 401 of a token server, also where it had no login to send.
      writtenBy: "cri-o",
      stage: "phrase",
      pattern: /^invalid username\/password\b/,
      when: (text) => text.heads.at(-1) === "token",
      alternatives: ["credentials-missing", "credentials-expired"],
      example: "unable to retrieve auth token: invalid username/password: unauthorized: authentication required",
      source: "containers/container-libs image/docker/errors.go (ErrUnauthorizedForCredentials)",
    },
    {
      writtenBy: "registry",
      stage: "phrase",
      pattern:
        /\bincorrect username or password\b|\binvalid username(?:\/| or )password\b|(?<!may have )\bInvalid credentials\b|\bbad credentials\b|\bWrong username was used\b|\bCould not find robot with (?:specified )?username\b|\binvalid robot name\b|\bInvalid (?:access |bearer |authorization )?token\b(?! auth challenge)|\busername and password combination is not valid\b|\bmust log in with a Personal Access Token\b|\bemail address used instead\b|\binvalid user ?name\b|\bpassword (?:is|was) incorrect\b|\bauthentication failed\b|\blogin credentials are not valid\b|\bcredentials (?:are |is )?(?:not valid|invalid|incorrect)\b|\blogin attempt to \S+ failed\b/i,
      example: "unauthorized: incorrect username or password",
      source: "https://docs.docker.com/docker-hub/troubleshoot/",
    },
    {
      writtenBy: "registry",
      stage: "phrase",
      pattern:
        /\bUser cannot be authenticated with the token provided\b|\bsecurity token included in the request is invalid\b|\bAuthorization Token is invalid\b|\bhad invalid authentication credentials\b|\bHTTP Basic: Access denied\b|\bAADSTS7000215\b|\bclient id must be guid\b|\bAADSTS(?!7000222)\d+|\bmalformed token\b|\bcould not be authenticated\b|\bUnable to authenticate\b/i,
      alternatives: ["credentials-expired", "auth-server-error"],
      example: "denied: unauthenticated: User cannot be authenticated with the token provided.",
      source:
        "https://docs.github.com/packages/working-with-a-github-packages-registry/working-with-the-container-registry",
    },
    {
      writtenBy: "containerd",
      stage: "status",
      pattern: /^/,
      when: (text) => text.facts.status === 401 && text.facts.operation === "token" && text.facts.login === "with",
      alternatives: ["credentials-expired"],
      example:
        "failed to authorize: failed to fetch oauth token: unexpected status from POST request to https://reg.test/token: 401 Unauthorized",
      source: "containerd/containerd core/remotes/docker/authorizer.go",
    },
    {
      writtenBy: "containerd",
      stage: "status",
      pattern: /^/,
      when: (text) => text.facts.status === 400 && text.facts.operation === "token" && text.facts.login === "with",
      alternatives: ["credentials-expired", "registry-bad-request"],
      example:
        "failed to authorize: failed to fetch oauth token: unexpected status from POST request to https://reg.test/oauth2/token: 400 Bad Request",
      source: "containerd/containerd core/remotes/docker/auth/fetch.go",
    },
  ],
  decide: (file) => loginFault(file, { code: "credentials-rejected", state: "rejected", verb: "is refused" }),
  remedies: (file) => [...tryLogin(file), ...writePullSecret(file), ...registryAdvice(file, ["login-refused"])],
  examples: [
    {
      name: "refused with the login, and without one the registry asks for one",
      file: { candidates: [ci], probes: [asked(refused("login-wanted")), asked(refused("login-refused"), ci)] },
      finds: "certain",
    },
    {
      name: "a masked refusal that only the login check shows",
      file: {
        candidates: [ci],
        probes: [
          asked(refused("absent-or-no-access")),
          asked(refused("absent-or-no-access"), ci),
          asked(refused("login-refused", 401, "login"), ci, "login"),
        ],
      },
      finds: "certain",
    },
    {
      name: "one refusal without any control: the token server may be in trouble",
      file: { candidates: [ci], probes: [asked(refused("login-refused", 401, "token"), ci)] },
      finds: "likely",
    },
    {
      name: "only the node's text says so",
      file: { candidates: [ci], symptoms: [said("credentials-rejected")] },
      finds: "likely",
    },
    {
      name: "near miss: a second login works",
      file: { candidates: [ci, backup], probes: [asked(refused("login-refused"), ci), asked(granted(), backup)] },
      finds: undefined,
    },
    {
      name: "near miss: the login is good and may not read this",
      file: {
        candidates: [ci],
        probes: [asked(refused("login-refused"), ci), asked(granted(), ci, "login"), asked(refused("login-wanted"))],
      },
      finds: undefined,
    },
    {
      name: "near miss: the text alone says 401, for any reason",
      file: { candidates: [ci], symptoms: [said("unauthorized")] },
      finds: undefined,
    },
  ],
});
