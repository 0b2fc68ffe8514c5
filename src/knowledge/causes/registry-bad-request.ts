import { answerExamples } from "../evidence/example-parts.ts";
import { askRegistry } from "../evidence/node-remedies.ts";
import { registryAnswer } from "../evidence/registry-answer.ts";
import { defineCause } from "./cause.ts";

/** Statuses that have a cause of their own. */
const ofAnotherCause = new Set([401, 402, 403, 404, 407, 412, 429, 451]);

export const registryBadRequest = defineCause({
  code: "registry-bad-request",
  family: "registry",
  title: "The registry did not understand the request",
  explanation:
    "The registry answered with a 4xx that is none of the usual ones. A name the registry does not allow, a mangled digest, or a proxy that alters requests can be behind it.",
  retryable: false,
  looks: {
    containerd: "`unexpected status …: 400 Bad Request`",
    "CRI-O": "`StatusCode: 400, …`",
    Docker: "`name invalid: …`; `unexpected status resolving reader: 400 Bad Request`",
  },
  toldFrom: {
    "https-required": "there the URL is plain http and the server wants TLS",
    "blob-store-blocked": "there a signed layer URL has run out",
  },
  wordings: [
    {
      writtenBy: "registry",
      stage: "code",
      pattern:
        /\bname invalid\b|\bNAME_INVALID\b|\bdigest invalid\b|\btag invalid\b|\binvalid repository name\b(?! \()|\bunsupported: The operation is unsupported\b/,
      alternatives: ["invalid-image-name"],
      example: "name invalid: invalid repository name",
      source: "distribution/distribution registry/api/errcode/register.go",
    },
    {
      writtenBy: "containerd",
      stage: "status",
      pattern: /^/,
      when: ({ facts: { status = 0 } }) => status >= 400 && status < 500 && !ofAnotherCause.has(status),
      example: "pulling from host reg.test failed with status code [manifests 1]: 400 Bad Request",
      source: "containerd/containerd core/remotes/errors/errors.go",
    },
  ],
  decide: (file) => registryAnswer(file, { code: "registry-bad-request", meanings: ["bad-request"] }),
  remedies: (file) => [{ title: "Read what the registry says when it is asked by hand", command: askRegistry(file) }],
  examples: answerExamples("registry-bad-request", "bad-request", 400),
});
