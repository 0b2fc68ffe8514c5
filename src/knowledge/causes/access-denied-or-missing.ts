import type { CaseFile } from "../../domain/case-file.ts";
import type { Evidence, Finding } from "../../domain/diagnosis.ts";
import { lookupName } from "../../domain/image-reference.ts";
import { anonymousProbe, grantedAsTheNode, refusalOf, secretsRead } from "../evidence/answers.ts";
import { asked, granted, login, pullSecret, refused, said, tags } from "../evidence/example-parts.ts";
import { hasLogin } from "../evidence/login-need.ts";
import { eachLogin, loginVerdicts } from "../evidence/logins.ts";
import { giveLogin, registryAdvice } from "../evidence/remedies.ts";
import { saidByTheNode } from "../evidence/said-by-the-node.ts";
import { probeEvidence, shortened, toldEvidence } from "../evidence/sentences.ts";
import { neighbours, tagsProbe } from "../evidence/tags.ts";
import { besideTheNode } from "../evidence/weigh.ts";
import { defineCause } from "./cause.ts";

const ci = login();

export const accessDeniedOrMissing = defineCause({
  code: "access-denied-or-missing",
  family: "auth",
  title: "The registry does not say whether the image is private or missing",
  explanation:
    'Registries hide private repositories: the answer for "not there" and for "not for you" is the same. A misspelt name, a private image without a login, and a login without permission all look like this.',
  retryable: false,
  covers: ["repository-not-found", "credentials-missing", "permission-denied", "terms-not-accepted"],
  looks: {
    containerd:
      "`pull access denied, repository does not exist or may require authorization: server message: insufficient_scope: authorization failed`",
    "CRI-O": "`requested access to the resource is denied`",
    Docker: "`pull access denied for R, repository does not exist or may require 'docker login'`",
  },
  toldFrom: {
    "repository-not-found": "a login that may read the project finds nothing",
    "credentials-missing": "no login was sent and one opens it",
    "permission-denied": "the login works and may not read this",
    "terms-not-accepted": "the publisher wants terms accepted",
  },
  wordings: [
    {
      writtenBy: "containerd",
      stage: "code",
      pattern: /\bpull access denied\b|\binsufficient_scope\b|\brepository does not exist or may require\b/,
      example:
        'failed to resolve reference "reg.test/web:1": pull access denied, repository does not exist or may require authorization: server message: insufficient_scope: authorization failed',
      source: "containerd/containerd core/remotes/docker/resolver.go; moby/moby daemon/internal/distribution/errors.go",
    },
    {
      writtenBy: "registry",
      stage: "code",
      pattern:
        /\brequested access to the resource is denied\b|\baccess to the requested resource is not authorized\b|\bor it may not exist\b|\bdoes not exist or no (?:pull )?access\b|\bmay not exist or (?:you )?may not have\b|\bverify that it exists and you have permission\b/,
      example: "reading manifest 1 in reg.test/web: requested access to the resource is denied",
      source: "distribution/distribution registry/api/errcode/register.go; quay/quay endpoints/v2/errors.py",
    },
    {
      writtenBy: "docker",
      stage: "code",
      pattern: /^image \S+ not found\.?$|\bError: image \S+ not found\b/,
      alternatives: ["credentials-missing", "manifest-not-found", "repository-not-found"],
      example: "Error: image shop/web:latest not found",
      source: "moby/moby graph/pull_v1.go@v1.9",
    },
  ],
  decide(file) {
    if (grantedAsTheNode(file).length > 0) return saidByTheNode(file, "access-denied-or-missing");
    return hasLogin(file) ? withLogins(file) : withoutLogin(file);
  },
  remedies: (file) => [
    {
      title: `Check the spelling of ${file.reference.kind === "valid" ? lookupName(file.reference.reference) : "the repository"}, and ask its owner whether it is there`,
    },
    ...registryAdvice(file, ["absent-or-no-access"]),
    ...giveLogin(file),
  ],
  examples: [
    {
      name: "no login, and the registry hides",
      file: { probes: [asked(refused("absent-or-no-access"))] },
      finds: "certain",
    },
    {
      name: "the login is good and gets no further",
      file: { candidates: [ci], probes: [asked(refused("absent-or-no-access"), ci), asked(granted(), ci, "login")] },
      finds: "certain",
    },
    {
      name: "the login was not checked by itself",
      file: { candidates: [ci], probes: [asked(refused("absent-or-no-access"), ci)] },
      finds: "likely",
    },
    { name: "only the node's text says so", file: { symptoms: [said("access-denied-or-missing")] }, finds: "likely" },
    {
      name: "secrets that could not be read may hold a login",
      file: { pullSecrets: [pullSecret("forbidden")], probes: [asked(refused("absent-or-no-access"))] },
      finds: "likely",
    },
    {
      name: "near miss: the login is refused, which the login check shows",
      file: {
        candidates: [ci],
        probes: [asked(refused("absent-or-no-access"), ci), asked(refused("login-refused", 401, "login"), ci, "login")],
      },
      finds: undefined,
    },
    {
      name: "near miss: the tags can be listed, so the repository is there",
      file: {
        candidates: [ci],
        probes: [asked(refused("absent-or-no-access", 403), ci), asked(tags("1.3"), ci, "tags")],
      },
      finds: undefined,
    },
    {
      name: "near miss: everybody may read it",
      file: { symptoms: [said("access-denied-or-missing")], probes: [asked(granted())] },
      finds: undefined,
    },
  ],
});

function withLogins(file: CaseFile): Finding | undefined {
  const verdicts = loginVerdicts(file);
  const hidden = verdicts.filter(({ state }) => state === "hidden");
  if (hidden.length === 0)
    return verdicts.every(({ state }) => state === "undecided")
      ? saidByTheNode(file, "access-denied-or-missing")
      : undefined;
  if (tagsProbe(file)?.answer.kind === "tags") return undefined;
  const checked = hidden.every(({ certainty }) => certainty === "certain");
  return {
    certainty: besideTheNode(file, "access-denied-or-missing", checked ? "certain" : "likely"),
    title: "The repository does not exist, or the login may not read it: the registry does not tell",
    evidence: [...verdicts.flatMap(({ evidence }) => evidence), ...hints(file), ...toldEvidence(file)],
    detail: [eachLogin(verdicts), hubNote(file)].filter((part) => part !== undefined).join(" "),
    alternatives: ["repository-not-found", "permission-denied", ...(checked ? [] : ["credentials-rejected"])],
  };
}

function withoutLogin(file: CaseFile): Finding | undefined {
  const control = anonymousProbe(file);
  const refusal = refusalOf(control);
  if (
    control === undefined ||
    refusal === undefined ||
    !["absent-or-no-access", "no-permission"].includes(refusal.meaning)
  )
    return saidByTheNode(file, "access-denied-or-missing");
  if (tagsProbe(file)?.answer.kind === "tags") return undefined;
  const note = hubNote(file);
  return {
    certainty: besideTheNode(file, "access-denied-or-missing", secretsRead(file) ? "certain" : "likely"),
    title: "The repository does not exist, or it is private and no login was sent: the registry does not tell",
    evidence: [probeEvidence(control, file.now), ...hints(file), ...toldEvidence(file)],
    ...(note !== undefined && { detail: note }),
    alternatives: ["repository-not-found", "credentials-missing"],
  };
}

/** Neighbours that are there: the likeliest sign of a misspelt name. */
function hints(file: CaseFile): readonly Evidence[] {
  return neighbours(file).map((probe) => probeEvidence(probe, file.now));
}

/** A name without a registry goes to Docker Hub, which is not always what was meant. */
function hubNote({ reference }: CaseFile): string | undefined {
  if (reference.kind !== "valid") return undefined;
  const { registry, repository, text } = reference.reference;
  if (registry !== "docker.io" || /^(index\.)?docker\.io\//.test(text)) return undefined;
  return `The image is written without a registry, so it means docker.io/${shortened(repository, 120)}.`;
}
