import { grantedAsTheNode } from "../evidence/answers.ts";
import { isLoginTrouble } from "../evidence/code-classes.ts";
import { asked, granted, login, pullSecret, refused, said } from "../evidence/example-parts.ts";
import { loginNeed, needAlternatives } from "../evidence/login-need.ts";
import { namesOf, secretsIn } from "../evidence/pull-secrets.ts";
import { unusedSecretRemedies, writePullSecret } from "../evidence/remedies.ts";
import { toldEvidence } from "../evidence/sentences.ts";
import { toldByTheNode, toldCode } from "../evidence/symptoms.ts";
import { defineCause } from "./cause.ts";

export const pullSecretMissing = defineCause({
  code: "pull-secret-missing",
  family: "kubelet",
  title: "A pull secret named by the pod does not exist",
  explanation:
    "The pod or its service account names an image pull secret that is not in the pod's namespace. The kubelet goes on without it, so the pull works for public images and fails for private ones. Secrets are not shared between namespaces.",
  retryable: false,
  looks: {
    kubelet:
      '`Unable to retrieve some image pull secrets (a, b); attempting to pull the image may not succeed.`; before 1.28 only in the kubelet log; very old: `secrets "x" not found`',
  },
  toldFrom: {
    "credentials-missing": "the consequence at the registry; this is the reason for it",
  },
  wordings: [
    {
      writtenBy: "kubelet",
      stage: "kubelet",
      pattern: /^/,
      when: (text) => text.template === "secrets",
      certain: true,
      example: "Unable to retrieve some image pull secrets (regcred); attempting to pull the image may not succeed.",
      source: "kubernetes/kubernetes pkg/kubelet/kubelet_pods.go",
    },
    {
      writtenBy: "kubelet",
      stage: "kubelet",
      pattern:
        /\bUnable to retrieve pull secret \S+ for \S+ due to\b|\bcouldn't find secret\b|\bsecrets? "[^"]*" not found\b/,
      reads: "whole",
      example: 'Error syncing pod, skipping: secrets "regcred" not found',
      source: "kubernetes/kubernetes pkg/kubelet/kubelet_pods.go",
    },
  ],
  decide(file) {
    const missing = secretsIn(file, "missing");
    if (missing.length === 0 || grantedAsTheNode(file).length > 0) return undefined;
    const need = loginNeed(file);
    const silent = toldByTheNode(file) === undefined && file.probes.length === 0;
    if (need === undefined && !silent && !isLoginTrouble(toldCode(file))) return undefined;
    const many = missing.length > 1;
    return {
      // By itself a missing Secret breaks nothing: the kubelet goes on without it.
      certainty: need?.certainty ?? "possible",
      title: `${many ? "Secrets" : "Secret"} ${namesOf(missing)} ${many ? "do" : "does"} not exist in namespace ${file.target.namespace}`,
      evidence: [
        ...missing.map(({ name, namespace }) => ({
          source: "API server",
          text: `The pod names pull secret ${name}; there is none in namespace ${namespace}`,
        })),
        ...(file.namesakes ?? []).slice(0, 3).map(({ name, namespace }) => ({
          source: "API server",
          text: `A secret ${name} is in namespace ${namespace}; Secrets are not shared between namespaces`,
        })),
        ...(need?.evidence ?? toldEvidence(file)),
      ],
      alternatives: need === undefined ? [] : needAlternatives(need),
    };
  },
  remedies(file) {
    const missing = secretsIn(file, "missing");
    const written =
      missing.length === 0 ? writePullSecret(file) : missing.flatMap(({ name }) => writePullSecret(file, name));
    return [...written, ...unusedSecretRemedies(file)];
  },
  examples: [
    {
      name: "the named secret is absent and the registry wants a login",
      file: { pullSecrets: [pullSecret("missing")], probes: [asked(refused("login-wanted"))] },
      finds: "certain",
    },
    {
      name: "the registry does not tell private from missing",
      file: { pullSecrets: [pullSecret("missing")], probes: [asked(refused("absent-or-no-access"))] },
      finds: "likely",
    },
    {
      name: "nothing was asked, and the node got a 401",
      file: { pullSecrets: [pullSecret("missing")], symptoms: [said("unauthorized")] },
      finds: "likely",
    },
    {
      name: "near miss: it is absent, and the registry gives the image to everybody",
      file: { pullSecrets: [pullSecret("missing")], probes: [asked(granted())] },
      finds: undefined,
    },
    {
      name: "near miss: it is absent, and the node's disk is full",
      file: { pullSecrets: [pullSecret("missing")], symptoms: [said("disk-full")] },
      finds: undefined,
    },
    {
      name: "near miss: another secret has a login that works",
      file: {
        pullSecrets: [pullSecret("missing")],
        symptoms: [said("unauthorized")],
        candidates: [login("other")],
        probes: [asked(granted(), login("other"))],
      },
      finds: undefined,
    },
  ],
});
