import { defineCause } from "./cause.ts";

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
  remedies: () => [
    { title: "Refresh the token in the secret regularly, or use the node's identity or a credential provider" },
  ],
  examples: [],
});
