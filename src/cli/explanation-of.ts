import type { CaseFile } from "../domain/case-file.ts";
import type { Explanation } from "../domain/explanation.ts";
import type { Cause } from "../knowledge/causes/cause.ts";

/** A case of which nothing is known but names that read as placeholders: remedies are written for it. */
const anyCase: CaseFile = {
  target: {
    namespace: "NAMESPACE",
    pod: "POD",
    container: "CONTAINER",
    containerKind: "regular",
    image: "registry.example.com/team/app:1.0",
    nodeSelector: {},
    nodeName: "NODE",
    serviceAccountName: "SERVICE_ACCOUNT",
    pullSecretNames: ["PULL_SECRET"],
    failures: [],
  },
  reference: {
    kind: "valid",
    reference: {
      text: "registry.example.com/team/app:1.0",
      registry: "registry.example.com",
      repository: "team/app",
      tag: "1.0",
    },
  },
  symptoms: [],
  pullSecrets: [],
  candidates: [],
  nearMisses: [],
  unusedSecrets: [],
  serviceAccount: { kind: "unasked", why: "no cluster is asked" },
  node: { kind: "unasked", why: "no cluster is asked" },
  platforms: [],
  imageUses: [],
  probes: [],
  gaps: [],
  now: "1970-01-01T00:00:00Z",
};

/** A cause as `explain` tells it. */
export function explanationOf(cause: Cause): Explanation {
  const { code, family, title, explanation, retryable, covers, looks, toldFrom } = cause;
  return {
    code,
    family,
    title,
    explanation,
    retryable,
    covers: covers ?? [],
    looks,
    toldFrom,
    remedies: cause.remedies(anyCase),
  };
}
