import { answerExamples } from "../evidence/example-parts.ts";
import { askRegistry } from "../evidence/node-remedies.ts";
import { registryAnswer } from "../evidence/registry-answer.ts";
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
  wordings: [
    {
      writtenBy: "containerd",
      stage: "phrase",
      pattern: /\bauthorization server did not include a token\b|\bauth(?:orization)? server did not\b/,
      alternatives: ["not-a-registry-endpoint"],
      example:
        "failed to authorize: failed to fetch anonymous token: authorization server did not include a token in the response",
      source: "containerd/containerd core/remotes/docker/auth/fetch.go",
    },
    {
      writtenBy: "containerd",
      stage: "phrase",
      pattern: /^(?:unable to decode|invalid character|unexpected end of JSON|error parsing|json: )/,
      when: (text) => text.facts.operation === "token",
      alternatives: ["proxy-misconfigured", "not-a-registry-endpoint"],
      example:
        "failed to authorize: failed to fetch anonymous token: unable to decode token response: invalid character '<' looking for beginning of value",
      source: "containerd/containerd core/remotes/docker/auth/fetch.go",
    },
    {
      writtenBy: "containerd",
      stage: "status",
      pattern: /^/,
      when: (text) =>
        (text.facts.operation === "token" || text.facts.foreignHost === "token-server") &&
        ((text.facts.status ?? 0) >= 500 ||
          text.facts.status === 404 ||
          (text.facts.status === 400 && text.facts.login !== "with")),
      alternatives: ["not-a-registry-endpoint"],
      example:
        "failed to authorize: failed to fetch oauth token: unexpected status from POST request to https://auth.reg.test/token: 503 Service Unavailable",
      source: "containerd/containerd core/remotes/docker/authorizer.go",
    },
  ],
  decide: (file) =>
    registryAnswer(file, { code: "auth-server-error", meanings: ["token-server-fault", "token-refused"] }),
  remedies: (file) => [
    {
      title:
        "Wait and watch whether it passes; look at the status page of the registry, or at the log of its token server",
    },
    { title: "Ask the registry again from here", command: askRegistry(file) },
  ],
  examples: answerExamples("auth-server-error", "token-server-fault", 503),
});
