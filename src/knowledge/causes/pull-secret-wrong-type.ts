import type { CaseFile } from "../../domain/case-file.ts";
import type { PullSecret } from "../../domain/credential.ts";
import { grantedAsTheNode } from "../evidence/answers.ts";
import { asked, granted, pullSecret, refused, said } from "../evidence/example-parts.ts";
import { loginNeed, needAlternatives } from "../evidence/login-need.ts";
import { faultEvidence, namesOf, secretsWith } from "../evidence/pull-secrets.ts";
import { kubectl, retypeSecret, writePullSecret } from "../evidence/remedies.ts";
import { defineCause } from "./cause.ts";

const opaque = pullSecret("ignored", {
  type: "Opaque",
  faults: [
    { code: "wrong-type", effect: "ignored", where: "type", text: "The type is Opaque, so the kubelet passes over it" },
  ],
});

export const pullSecretWrongType = defineCause({
  code: "pull-secret-wrong-type",
  family: "secret",
  title: "A pull secret has a type the kubelet does not read",
  explanation:
    "The secret exists and is named by the pod, but it is of another type than `kubernetes.io/dockerconfigjson` or `kubernetes.io/dockercfg`, or lacks the key that goes with it. The kubelet passes over it without a word.",
  retryable: false,
  looks: {},
  toldFrom: {
    "pull-secret-malformed": "there type and key are right and the content is damaged",
    "pull-secret-no-match": "there the content is fine and for another host",
  },
  wordings: [],
  decide(file) {
    const wrong = secretsWith(file, ["wrong-type"]);
    const need = loginNeed(file);
    if (wrong.length === 0 || need === undefined || grantedAsTheNode(file).length > 0) return undefined;
    const secrets = wrong.map(({ secret }) => secret);
    const types = [...new Set(secrets.map(({ type }) => type ?? "unknown"))].join(", ");
    return {
      certainty: need.certainty,
      title: `${secrets.length > 1 ? "Secrets" : "Secret"} ${namesOf(secrets)} ${secrets.length > 1 ? "have" : "has"} type ${types}, which the kubelet does not read`,
      evidence: [...wrong.map(({ secret, fault }) => faultEvidence(secret, fault)), ...need.evidence],
      alternatives: needAlternatives(need),
    };
  },
  remedies: (file) => [
    ...secretsWith(file, ["wrong-type"]).flatMap(({ secret }) => [
      ...(holdsEntryFor(file, secret) ? retypeSecret(secret) : []),
      {
        title: `${holdsEntryFor(file, secret) ? "Or delete" : "Delete"} secret ${secret.name} in namespace ${secret.namespace}: a Secret's type cannot be changed`,
        command: kubectl("delete", "secret", secret.name, secret.namespace),
      },
      ...writePullSecret(file, secret.name),
    ]),
    ...(secretsWith(file, ["wrong-type"]).length === 0 ? writePullSecret(file) : []),
  ],
  examples: [
    {
      name: "an Opaque secret, and the registry wants a login",
      file: { pullSecrets: [opaque], probes: [asked(refused("login-wanted"))] },
      finds: "certain",
    },
    {
      name: "an Opaque secret, and the node got a 401",
      file: { pullSecrets: [opaque], symptoms: [said("unauthorized")] },
      finds: "likely",
    },
    {
      name: "near miss: the image is public",
      file: { pullSecrets: [opaque], probes: [asked(granted())] },
      finds: undefined,
    },
    {
      name: "near miss: the type is right",
      file: { pullSecrets: [pullSecret("decoded")], probes: [asked(refused("login-wanted"))] },
      finds: undefined,
    },
  ],
});

/** Whether the login that the registry wants seems to stand in it, under whatever spelling of its name. */
function holdsEntryFor(file: CaseFile, { keys, loginAt }: PullSecret): boolean {
  if (loginAt === undefined || file.reference.kind !== "valid") return false;
  const { registry } = file.reference.reference;
  return keys.some((key) => key.includes(registry));
}
