import type { CaseFile } from "../../domain/case-file.ts";
import type { PullSecret, SecretFault } from "../../domain/credential.ts";
import type { Remedy } from "../../domain/diagnosis.ts";
import { grantedAsTheNode } from "../evidence/answers.ts";
import { asked, granted, pullSecret, refused, said } from "../evidence/example-parts.ts";
import { loginNeed, needAlternatives } from "../evidence/login-need.ts";
import { faultEvidence, keysEvidence, namesOf, secretsWith } from "../evidence/pull-secrets.ts";
import { kubectl, writePullSecret } from "../evidence/remedies.ts";
import { retypeSecret } from "../evidence/secret-remedies.ts";
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
    const wrong = secretsWith(file, passedOver);
    const need = loginNeed(file);
    if (wrong.length === 0 || need === undefined || grantedAsTheNode(file).length > 0) return undefined;
    const secrets = wrong.map(({ secret }) => secret);
    const many = secrets.length > 1;
    const types = [...new Set(secrets.map(({ type }) => type ?? "unknown"))].join(", ");
    const lacksKey = wrong.every(({ fault }) => fault.code === "wrong-key");
    const what = lacksKey ? (many ? "lack" : "lacks") : many ? "have" : "has";
    return {
      certainty: need.certainty,
      title: `${many ? "Secrets" : "Secret"} ${namesOf(secrets)} ${what} ${lacksKey ? "the key that the kubelet reads" : `type ${types}, which the kubelet does not read`}`,
      evidence: [
        ...wrong.flatMap(({ secret, fault }) => [
          faultEvidence(secret, fault),
          ...(secret.loginAt === undefined ? [] : [keysEvidence(secret)]),
        ]),
        ...need.evidence,
      ],
      alternatives: needAlternatives(need),
    };
  },
  remedies(file) {
    const wrong = secretsWith(file, passedOver).map(({ secret }) => secret);
    return wrong.length === 0 ? writePullSecret(file) : wrong.flatMap((secret) => mended(file, secret));
  },
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
      name: "the right type, and its login under another key",
      file: {
        pullSecrets: [
          pullSecret("ignored", {
            type: "kubernetes.io/dockerconfigjson",
            faults: [{ code: "wrong-key", effect: "ignored", where: "data", text: "It has no .dockerconfigjson" }],
          }),
        ],
        probes: [asked(refused("login-wanted"))],
      },
      finds: "certain",
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

/** Faults for which the kubelet does not even look at the content. */
const passedOver: readonly SecretFault["code"][] = ["wrong-type", "wrong-key"];

/** With the login that is in it, where it seems to be for this registry; otherwise with a new one. */
function mended(file: CaseFile, secret: PullSecret): readonly Remedy[] {
  const retyped = holdsEntryFor(file, secret) ? retypeSecret(secret) : [];
  if (retyped.length > 0) return retyped;
  const { name, namespace } = secret;
  const [first, ...more] = writePullSecret(file, name);
  const remove = {
    title: `Delete secret ${name} in namespace ${namespace}, with all it holds: a Secret's type cannot be changed`,
    command: kubectl("delete", "secret", name, namespace),
  };
  if (first === undefined) return [remove];
  const title = first.title.replace(/^Replace /, "Then create ").replace(/; this drops its [^)]*/, "");
  return [remove, { ...first, title }, ...more];
}

/** Whether the login that the registry wants seems to stand in it, under whatever spelling of its name. */
function holdsEntryFor(file: CaseFile, { keys, loginAt }: PullSecret): boolean {
  if (loginAt === undefined || file.reference.kind !== "valid") return false;
  const { registry } = file.reference.reference;
  return keys.some((key) => key.includes(registry));
}
