import type { PullSecret } from "../../domain/credential.ts";
import type { Evidence } from "../../domain/diagnosis.ts";
import { grantedAsTheNode } from "../evidence/answers.ts";
import { asked, granted, login, pullSecret, refused, said } from "../evidence/example-parts.ts";
import { loginNeed, needAlternatives } from "../evidence/login-need.ts";
import {
  faultEvidence,
  keysEvidence,
  namesOf,
  nearMissSentence,
  secretsIn,
  unusedEvidence,
} from "../evidence/pull-secrets.ts";
import { asAlternative, writePullSecret } from "../evidence/remedies.ts";
import { renameEntry, repairPayload, secondSecret, unusedSecretRemedies } from "../evidence/secret-remedies.ts";
import { registryWords } from "../evidence/sentences.ts";
import { defineCause } from "./cause.ts";

const other = pullSecret("decoded", { keys: ["registry.example.org"] });

export const pullSecretNoMatch = defineCause({
  code: "pull-secret-no-match",
  family: "secret",
  title: "No pull secret has a login for this registry",
  explanation:
    "Pull secrets are named and readable, but none has an entry that fits the image's registry and path, so the kubelet pulls anonymously. A wrong host, a port left out, or a path that is too narrow is the usual reason. For Docker Hub the entry is `https://index.docker.io/v1/`.",
  retryable: false,
  looks: {},
  toldFrom: {
    "credentials-missing": "what the registry says in consequence",
    "pull-secret-missing": "there the secret does not exist",
  },
  wordings: [],
  decide(file) {
    const decoded = secretsIn(file, "decoded").filter((secret) => !secret.keys.includes(registryWords(file)));
    const need = loginNeed(file);
    if (decoded.length === 0 || need === undefined || grantedAsTheNode(file).length > 0) return undefined;
    const [miss] = file.nearMisses;
    const evidence = [
      ...decoded.flatMap((secret) => [keysEvidence(secret), ...uselessParts(secret)]),
      ...file.unusedSecrets.slice(0, 2).map((secret) => unusedEvidence(file, secret)),
      ...need.evidence,
    ];
    const many = decoded.length > 1;
    return {
      certainty: need.certainty,
      title: `${many ? "Secrets" : "Secret"} ${namesOf(decoded)} ${many ? "have" : "has"} no entry for ${registryWords(file)}`,
      evidence,
      ...(miss !== undefined && { detail: nearMissSentence(miss) }),
      alternatives: needAlternatives(need),
    };
  },
  remedies(file) {
    const [miss] = file.nearMisses;
    const first = [
      ...secretsIn(file, "decoded").flatMap(repairPayload).slice(0, 1),
      ...(miss === undefined ? [] : renameEntry(file, miss)),
      ...unusedSecretRemedies(file),
    ];
    const others = secretsIn(file, "decoded").some(({ keys }) => keys.length > 0) && miss === undefined;
    const beside = others ? secondSecret(file) : [];
    const written = beside.length > 0 ? beside : writePullSecret(file, miss?.secret);
    return first.length > 0 ? [...first, ...written.map(asAlternative)] : written;
  },
  examples: [
    {
      name: "an entry for another host, and the registry wants a login",
      file: { pullSecrets: [other], probes: [asked(refused("login-wanted"))] },
      finds: "certain",
    },
    {
      name: "an entry for another port, and the node got a 401",
      file: {
        pullSecrets: [other],
        nearMisses: [
          {
            secret: "regcred",
            namespace: "shop",
            key: "registry.example.com:5000",
            differs: "port",
            wanted: "registry.example.com",
          },
        ],
        symptoms: [said("unauthorized")],
      },
      finds: "likely",
    },
    {
      name: "near miss: no entry, and none is needed",
      file: { pullSecrets: [other], probes: [asked(granted())] },
      finds: undefined,
    },
    {
      name: "near miss: the entry is there, and its login is refused",
      file: {
        pullSecrets: [other],
        candidates: [login()],
        probes: [asked(refused("login-refused"), login()), asked(refused("login-wanted"))],
      },
      finds: undefined,
    },
    {
      name: "near miss: another secret could not be read and may hold the entry",
      file: { pullSecrets: [pullSecret("forbidden")], probes: [asked(refused("login-wanted"))] },
      finds: undefined,
    },
  ],
});

/** Entries and fields of a Secret that the kubelet passes over: a key that never matches, `auths` that is not there. */
function uselessParts(secret: PullSecret): readonly Evidence[] {
  return secret.faults
    .filter(({ effect }) => effect === "ignored")
    .slice(0, 2)
    .map((fault) => faultEvidence(secret, fault));
}
