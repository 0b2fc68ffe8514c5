import { asked, granted, login, refused, said } from "../evidence/example-parts.ts";
import { loginFault } from "../evidence/login-fault.ts";
import { registryAdvice, tryLogin, writePullSecret } from "../evidence/remedies.ts";
import { defineCause } from "./cause.ts";

const ci = login();
const ended = { ...ci, expiresAt: "2026-11-24T03:00:00Z" };

export const credentialsExpired = defineCause({
  code: "credentials-expired",
  family: "auth",
  title: "The login that was sent has expired",
  explanation:
    "The login is a short-lived token past its life. ECR tokens live twelve hours; a pull secret that holds one works on the day it was made and fails the next.",
  retryable: false,
  looks: {
    registry: "`denied: Your authorization token has expired. Reauthenticate and try again.`",
    containerd: "for ECR often only `403 Forbidden`",
  },
  toldFrom: {
    "permission-denied": "ECR answers 403 for both; the secret's age decides",
    "tls-cert-expired": "there a certificate is too old",
  },
  wordings: [
    {
      writtenBy: "registry",
      stage: "phrase",
      pattern:
        /\bauthorization token has expired\b|\baccess token (?:is|has) expired\b|\bToken failed verification: expired\b|\bAADSTS7000222\b|\btoken (?:is|has|was) expired\b|\bExpiredToken\b|\bjwt (?:is )?expired\b|\bexpired token\b|\bcredentials? (?:have|has|is|are) expired\b/i,
      example: "denied: Your authorization token has expired. Reauthenticate and try again.",
      source: "https://docs.aws.amazon.com/AmazonECR/latest/userguide/common-errors-docker.html",
    },
  ],
  decide: (file) => loginFault(file, { code: "credentials-expired", state: "expired", verb: "has expired" }),
  remedies: (file) => [...writePullSecret(file), ...registryAdvice(file, ["login-expired"]), ...tryLogin(file)],
  examples: [
    {
      name: "the login itself says so, and the node got a 401",
      file: { candidates: [ended], symptoms: [said("unauthorized")] },
      finds: "certain",
    },
    { name: "the login itself says so, nothing else is known", file: { candidates: [ended] }, finds: "likely" },
    {
      name: "the registry says so",
      file: { candidates: [ci], probes: [asked(refused("login-wanted")), asked(refused("login-expired", 403), ci)] },
      finds: "certain",
    },
    {
      name: "only the node's text says so",
      file: { candidates: [ci], symptoms: [said("credentials-expired")] },
      finds: "likely",
    },
    {
      name: "near miss: it should be over, and the registry still takes it",
      file: { candidates: [ended], probes: [asked(granted(), ended)] },
      finds: undefined,
    },
    {
      name: "near miss: it ended two minutes ago, within what clocks differ",
      file: { candidates: [{ ...ci, expiresAt: "2026-11-24T11:58:00Z" }], symptoms: [said("unauthorized")] },
      finds: undefined,
    },
  ],
});
