import { answerExamples } from "../evidence/example-parts.ts";
import { registryAnswer } from "../evidence/registry-answer.ts";
import { registryAdvice } from "../evidence/remedies.ts";
import { defineCause } from "./cause.ts";

export const registryQuotaOrBilling = defineCause({
  code: "registry-quota-or-billing",
  family: "registry",
  title: "The registry account is out of quota or not paid for",
  explanation:
    "The registry refuses because of the account behind the repository: traffic or storage quota used up, billing disabled, payment due. The pod's side can do nothing but use another place.",
  retryable: false,
  looks: {
    registry:
      "`402 Payment Required`; `Egress is over the account limit.`; `billing account … is disabled`; `remaining traffic quota is not enough`",
  },
  toldFrom: {
    "permission-denied": "there a right is missing",
    "rate-limited": "there the limit is on requests and passes by itself",
  },
  wordings: [
    {
      writtenBy: "registry",
      stage: "phrase",
      pattern:
        /\bover the account limit\b|\bbilling (?:account|must be|is (?:not |dis)|to be)|\bBILLING_DISABLED\b|\bAccountProblem\b|\bpast due\b|\btraffic quota\b|\bUserProjectMissing\b|\bquota (?:has been |was |is )?exceeded\b(?!.*\bper minute\b)|\bexceeded (?:its|your|the) (?:\w+ ){0,3}quota\b|\bstorage quota\b|\b(?:account|subscription|project|namespace)\b.{0,40}\b(?:has been |is )(?:suspended|disabled|deactivated)\b|\bpayment required\b|\bplan limit\b/i,
      alternatives: ["permission-denied"],
      example: "503 Egress is over the account limit.",
      source: "https://docs.github.com/billing; https://cloud.ibm.com/docs/Registry?topic=Registry-troubleshoot-quota",
    },
    {
      writtenBy: "registry",
      stage: "phrase",
      pattern: /^/,
      when: (text) => text.facts.status === 402,
      example: "pulling from host reg.test failed with status code [manifests 1]: 402",
      source: "https://www.rfc-editor.org/rfc/rfc9110#name-402-payment-required",
    },
  ],
  decide: (file) =>
    registryAnswer(file, { code: "registry-quota-or-billing", meanings: ["quota-exceeded", "suspended"] }),
  remedies: (file) => [
    ...registryAdvice(file, ["quota-exceeded", "suspended"]),
    { title: "Have the owner of the registry account restore its quota, its billing, or the account itself" },
  ],
  examples: answerExamples("registry-quota-or-billing", "quota-exceeded", 402),
});
