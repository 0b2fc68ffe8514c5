import type { CaseFile } from "../../domain/case-file.ts";
import type { Evidence } from "../../domain/diagnosis.ts";
import { found } from "../../domain/read.ts";
import { grantedAsTheNode } from "../evidence/answers.ts";
import { isLoginTrouble } from "../evidence/code-classes.ts";
import { asked, examplePod, granted, login, pullSecret, refused, said } from "../evidence/example-parts.ts";
import { loginNeed, needAlternatives } from "../evidence/login-need.ts";
import { namesOf, secretsIn } from "../evidence/pull-secrets.ts";
import { asAlternative, recreatePod, writePullSecret } from "../evidence/remedies.ts";
import { copyOfSecret } from "../evidence/secret-remedies.ts";
import { registryWords, shortened, toldEvidence } from "../evidence/sentences.ts";
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
      pattern: /\bUnable to retrieve pull secret\b|\bcouldn't find secret\b/,
      reads: "whole",
      example:
        'Unable to retrieve pull secret shop/regcred for shop/web-0 due to secret "regcred" not found.  The image pull may not succeed.',
      source: "kubernetes/kubernetes pkg/kubelet/kubelet_pods.go",
    },
    {
      // Without "syncing pod", the same words are of a Secret that a container's environment names.
      writtenBy: "kubelet",
      stage: "kubelet",
      pattern: /^secrets? "[^"]*" not found\b/,
      when: (text) => text.template === "sync" && text.errorNames.length === 0,
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
        ...standIns(file)
          .slice(0, 3)
          .map((secret) => ({ source: "API server", text: standInSentence(file, secret) })),
        ...newerNames(file),
        ...(need?.evidence ?? toldEvidence(file)),
      ],
      ...detailOf(file),
      alternatives: need === undefined ? [] : needAlternatives(need),
    };
  },
  remedies(file) {
    const missing = secretsIn(file, "missing");
    const written =
      missing.length === 0 ? writePullSecret(file) : missing.flatMap(({ name }) => writePullSecret(file, name));
    const [first] = standIns(file);
    if (newerNames(file).length > 0) return [...recreatePod(file), ...written.map(asAlternative)];
    if (first === undefined || first.fits === false) return written;
    const wanted = missing.some(({ name }) => name === first.name) ? first.name : missing[0]?.name;
    return wanted === undefined ? written : [...copyOfSecret(file, first, wanted), ...written.map(asAlternative)];
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
      name: "the service account names another by now",
      file: {
        target: { ...examplePod, pullSecretNames: ["regcred"], createdAt: "2026-11-24T11:00:00Z" },
        pullSecrets: [pullSecret("missing")],
        serviceAccount: {
          kind: "found",
          value: { namespace: "shop", name: "default", pullSecretNames: ["new"], changedAt: "2026-11-24T11:30:00Z" },
        },
        probes: [asked(refused("login-wanted"))],
      },
      finds: "certain",
    },
    {
      name: "its namesake is in another namespace",
      file: {
        pullSecrets: [pullSecret("missing")],
        namesakes: [{ namespace: "platform", name: "regcred", fits: true }],
        unusedSecrets: [{ namespace: "platform", name: "regcred", key: "registry.example.com" }],
        probes: [asked(refused("login-wanted"))],
      },
      finds: "certain",
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

/** The pod has a name that its service account had when the pod was made, and the account has another now. */
function newerNames({ serviceAccount, target, pullSecrets }: CaseFile): readonly Evidence[] {
  const account = found(serviceAccount);
  const changed = account?.changedAt;
  if (account === undefined || changed === undefined || target.createdAt === undefined) return [];
  const stale = pullSecrets.every(({ name, state }) => state === "missing" && !account.pullSecretNames.includes(name));
  if (!stale || account.pullSecretNames.length === 0 || Date.parse(changed) <= Date.parse(target.createdAt)) return [];
  return [
    {
      source: `service account ${account.name}`,
      text: `It names ${namesOf(account.pullSecretNames.map((name) => ({ name })))} and was changed after the pod was made; a pod made anew gets these, unless its own template names the missing one`,
      at: changed,
    },
  ];
}

interface StandIn {
  readonly namespace: string;
  readonly name: string;
  readonly fits?: boolean;
}

/**
 * What could take the missing Secret's place, the best first: one of its name elsewhere, one of another name with an entry for
 * this registry, and last one of its name that is known to have none.
 */
function standIns(file: CaseFile): readonly StandIn[] {
  if (secretsIn(file, "missing").length === 0) return [];
  const namesakes = file.namesakes ?? [];
  const others = file.unusedSecrets
    .filter(({ namespace, name }) => !namesakes.some((one) => one.namespace === namespace && one.name === name))
    .map(({ namespace, name }) => ({ namespace, name, fits: true }));
  return [
    ...namesakes.filter(({ fits }) => fits !== false),
    ...others,
    ...namesakes.filter(({ fits }) => fits === false),
  ];
}

function standInSentence(file: CaseFile, { namespace, name, fits }: StandIn): string {
  const entry =
    fits === undefined
      ? ""
      : fits
        ? ` and has an entry for ${registryWords(file)}`
        : ` and has no entry for ${registryWords(file)}`;
  const here = namespace === file.target.namespace;
  return `A secret ${shortened(name, 80)} is in namespace ${namespace}${entry}${here ? "; the pod does not name it" : ""}`;
}

/** The one sentence that ends most searches: a Secret of this name is there in another namespace, or one that would do. */
function detailOf(file: CaseFile): { readonly detail?: string } {
  const namesakes = (file.namesakes ?? []).filter(({ fits }) => fits !== false);
  const [first] = namesakes;
  const [spare] = file.unusedSecrets;
  if (first === undefined) {
    if (spare === undefined) return {};
    const where = spare.namespace === file.target.namespace ? "this namespace" : `namespace ${spare.namespace}`;
    return { detail: `Secret "${shortened(spare.name, 80)}" in ${where} has an entry for ${registryWords(file)}.` };
  }
  const more = namesakes.filter(({ name }) => name === first.name).length - 1;
  const others = more === 0 ? "" : more === 1 ? " and in one other" : ` and in ${more} others`;
  return { detail: `A Secret named "${shortened(first.name, 80)}" exists in namespace ${first.namespace}${others}.` };
}
