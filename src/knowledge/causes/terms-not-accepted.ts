import { answerExamples } from "../evidence/example-parts.ts";
import { registryAnswer } from "../evidence/registry-answer.ts";
import { registryAdvice } from "../evidence/remedies.ts";
import { defineCause } from "./cause.ts";

export const termsNotAccepted = defineCause({
  code: "terms-not-accepted",
  family: "auth",
  title: "The publisher wants terms accepted first",
  explanation:
    "The image is offered only to accounts that accepted the publisher's terms or hold a subscription (Oracle, NVIDIA, Red Hat connect). The login may be right; the account lacks the acceptance.",
  retryable: false,
  looks: {
    registry:
      "`This repo requires terms acceptance and is only available on registry.redhat.io`; others answer 403 without a hint",
  },
  toldFrom: {
    "access-denied-or-missing": "known gated hosts decide",
    "permission-denied": "the same",
  },
  wordings: [
    {
      writtenBy: "registry",
      stage: "phrase",
      pattern:
        /\brequires? terms acceptance\b|\baccept(?:ed|ing)? the (?:terms|license|EULA)|\b(?:terms|license) (?:of use |agreement )?(?:must|have|has|need).{0,20}accept|\bterms and conditions\b/i,
      alternatives: ["credentials-missing"],
      example: "unsupported: This repo requires terms acceptance and is only available on registry.redhat.io",
      source: "https://access.redhat.com/RegistryAuthentication",
    },
  ],
  decide: (file) => registryAnswer(file, { code: "terms-not-accepted", meanings: ["terms-not-accepted"] }),
  remedies: (file) => [
    ...registryAdvice(file, ["terms-not-accepted"]),
    { title: "Sign in to the registry's web page with the account of the pull secret and accept the terms" },
  ],
  examples: answerExamples("terms-not-accepted", "terms-not-accepted", 403),
});
