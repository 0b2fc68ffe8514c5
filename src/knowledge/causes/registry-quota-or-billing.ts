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
  wordings: [],
  remedies: () => [{ title: "Have the owner of the registry account restore quota or billing" }],
  examples: [],
});
