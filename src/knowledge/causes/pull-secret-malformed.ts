import type { CaseFile } from "../../domain/case-file.ts";
import type { SecretFault } from "../../domain/credential.ts";
import type { Finding } from "../../domain/diagnosis.ts";
import type { Symptom } from "../../domain/symptom.ts";
import { grantedAsTheNode } from "../evidence/answers.ts";
import { asked, granted, pullSecret, refused, said } from "../evidence/example-parts.ts";
import { loginNeed, needAlternatives } from "../evidence/login-need.ts";
import { faultEvidence, faultSentence, namesOf, secretsWith } from "../evidence/pull-secrets.ts";
import { asAlternative, writePullSecret } from "../evidence/remedies.ts";
import { saidByTheNode } from "../evidence/said-by-the-node.ts";
import { repairPayload } from "../evidence/secret-remedies.ts";
import { shortened, toldEvidence } from "../evidence/sentences.ts";
import { toldByTheNode } from "../evidence/symptoms.ts";
import { defineCause } from "./cause.ts";

const broken = pullSecret("malformed", {
  faults: [
    {
      code: "auth-not-base64",
      effect: "blocks",
      where: 'auths["registry.example.com"].auth',
      text: "The auth field is not base64",
    },
  ],
});

const stored = pullSecret("decoded", {
  keys: ["registry.example.com"],
  faults: [
    {
      code: "credential-store",
      effect: "ignored",
      where: "credsStore",
      text: "The logins are in a credential store, not here",
    },
  ],
});

export const pullSecretMalformed = defineCause({
  code: "pull-secret-malformed",
  family: "kubelet",
  title: "A pull secret exists but cannot be read as a login",
  explanation:
    "The secret's content is no login that the kubelet can use. What does not parse (broken base64, JSON with a fault, an `auth` field without a colon) makes it refuse every image of the pod; what parses and holds no login (a config that leaves its logins to a credential store, a mere identity token) it passes over without a word.",
  retryable: false,
  looks: {
    kubelet: "`illegal base64 data at input byte N`; `unexpected end of JSON input`; `invalid decoded auth`",
    "CRI-O": "`invalid decoded auth`",
    registry: "`Unable to parse json key.`",
  },
  toldFrom: {
    "credentials-missing": "what is seen when the damaged entry was skipped in silence",
  },
  wordings: [
    {
      writtenBy: "kubelet",
      stage: "kubelet",
      pattern: /\billegal base64 data at input byte \d/,
      example: "illegal base64 data at input byte 4",
      source: "golang/go src/encoding/base64/base64.go",
    },
    {
      writtenBy: "kubelet",
      stage: "kubelet",
      pattern:
        /\binvalid decoded auth\b|\bunable to parse auth field, must be formatted as\b|\bUnable to parse json key\b/,
      example: 'Failed to pull image "reg.test/web:1": rpc error: code = Unknown desc = invalid decoded auth: "user"',
      source: "containerd/containerd internal/cri/server/images/image_pull.go",
    },
    {
      writtenBy: "kubelet",
      stage: "kubelet",
      pattern: /^unexpected end of JSON input$/,
      // The kubelet's own words: what a runtime reports is about an answer of the registry.
      when: (text) => text.heads.length === 0,
      example: "Error: unexpected end of JSON input",
      source: "kubernetes/kubernetes pkg/credentialprovider/config.go",
    },
    {
      writtenBy: "kubelet",
      stage: "kubelet",
      pattern: /\bcannot unmarshal \S{1,40} into Go (?:value|struct field) .{0,60}DockerConfig/,
      example: "json: cannot unmarshal string into Go value of type credentialprovider.DockerConfigJSON",
      source: "kubernetes/kubernetes pkg/credentialprovider/config.go",
    },
  ],
  decide(file) {
    if (file.keyringBlockedBy !== undefined) return blocked(file, file.keyringBlockedBy);
    const useless = secretsWith(file, passedOver).filter(({ secret }) => secret.state !== "missing");
    const need = loginNeed(file);
    if (useless.length === 0 || need === undefined || grantedAsTheNode(file).length > 0)
      return saidByTheNode(file, "pull-secret-malformed");
    return {
      certainty: need.certainty,
      title: `${useless.length > 1 ? "Secrets" : "Secret"} ${namesOf(useless.map(({ secret }) => secret))} ${useless.length > 1 ? "hold" : "holds"} no login that can be used`,
      evidence: [...useless.map(({ secret, fault }) => faultEvidence(secret, fault)), ...need.evidence],
      ...(useless[0] !== undefined && { detail: `${faultSentence(useless[0].fault)}.` }),
      alternatives: needAlternatives(need),
    };
  },
  remedies(file) {
    const blocking = file.keyringBlockedBy?.replace(/^.*\//, "");
    const name = blocking ?? secretsWith(file, passedOver)[0]?.secret.name;
    const repaired = file.pullSecrets.filter((secret) => secret.name === name).flatMap(repairPayload);
    const written = writePullSecret(file, name);
    return repaired.length > 0 ? [...repaired, ...written.map(asAlternative)] : written;
  },
  examples: [
    {
      name: "a secret that keeps the kubelet from every image of the pod",
      file: { keyringBlockedBy: "regcred", pullSecrets: [broken] },
      finds: "certain",
    },
    {
      name: "it is broken now, but the node was refused for another reason before",
      file: { keyringBlockedBy: "regcred", pullSecrets: [broken], symptoms: [said("manifest-not-found")] },
      finds: "likely",
    },
    {
      name: "a docker config that keeps its logins in a credential store",
      file: { pullSecrets: [stored], probes: [asked(refused("login-wanted"))] },
      finds: "certain",
    },
    {
      name: "near miss: it holds no login, and none is needed",
      file: { pullSecrets: [stored], probes: [asked(granted())] },
      finds: undefined,
    },
    {
      name: "near miss: nothing is wrong with it",
      file: { pullSecrets: [pullSecret("decoded")], symptoms: [said("unauthorized")] },
      finds: undefined,
    },
  ],
});

/** Faults that leave a Secret of the right type without any login, and that the kubelet passes over. */
const passedOver: readonly SecretFault["code"][] = [
  "empty-payload",
  "credential-store",
  "no-login-in-entry",
  "identity-token-ignored",
  "entry-not-an-object",
];

/** One Secret that does not parse makes the kubelet refuse all of them (kubernetes pkg/credentialprovider/secrets/secrets.go). */
function blocked(file: CaseFile, name: string): Finding {
  const secret = file.pullSecrets.find((one) => one.name === name || `${one.namespace}/${one.name}` === name);
  const fault = secret?.faults.find(({ effect }) => effect === "blocks");
  const told = toldByTheNode(file);
  // The node heard from the registry: then the Secret was sound at that time.
  const heard = told !== undefined && told.code !== "unknown" && !isOwnWord(told);
  const certainty = heard ? "likely" : "certain";
  return {
    certainty,
    title: `Secret "${shortened(secret?.name ?? name, 80)}" cannot be read, and that keeps the kubelet from every image of the pod`,
    evidence: [...(secret && fault ? [faultEvidence(secret, fault)] : []), ...toldEvidence(file)],
    ...(fault !== undefined && { detail: `${faultSentence(fault)}.` }),
  };
}

/** Whether this text is what the kubelet itself makes of such a Secret: Go's decoders name no registry, and no status. */
function isOwnWord({ code, alternatives, facts, quote }: Symptom): boolean {
  if (code === "pull-secret-malformed" || alternatives.includes("pull-secret-malformed")) return true;
  const decoder = /^(?:invalid character '|unexpected end of JSON input|illegal base64 data|json: cannot unmarshal)/;
  return facts.status === undefined && facts.url === undefined && decoder.test(quote);
}
