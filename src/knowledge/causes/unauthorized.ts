import { grantedAsTheNode } from "../evidence/answers.ts";
import { asked, granted, login, refused, said } from "../evidence/example-parts.ts";
import { withSuspicions } from "../evidence/login-fault.ts";
import { eachLogin, leastSure, loginVerdicts } from "../evidence/logins.ts";
import { giveLogin, inNamespace, tryLogin } from "../evidence/remedies.ts";
import { saidByTheNode } from "../evidence/said-by-the-node.ts";
import { toldEvidence } from "../evidence/sentences.ts";
import { besideTheNode } from "../evidence/weigh.ts";
import { shellWord } from "../registries/shell-word.ts";
import { defineCause } from "./cause.ts";

export const unauthorized = defineCause({
  code: "unauthorized",
  family: "auth",
  title: "The registry answers 401, and the text does not say why",
  explanation:
    "The registry wants a login. Whether none was sent, a wrong one, or one that has expired, the text does not tell; some registries also answer so for repositories that do not exist.",
  retryable: false,
  covers: ["credentials-missing", "credentials-rejected", "credentials-expired", "permission-denied"],
  looks: {
    containerd: "`… 401 Unauthorized` (up to 1.6.24 and 1.7.7 also where no login was sent)",
    "CRI-O": "`unauthorized: authentication required`",
    Docker: "`unauthorized: authentication required`",
  },
  toldFrom: {
    "credentials-missing": "no login fits the host",
    "credentials-rejected": "the login is refused when it is tried",
    "credentials-expired": "the login is past its life",
    "permission-denied": "the login works and may not read this",
  },
  wordings: [
    {
      writtenBy: "containerd",
      stage: "umbrella",
      pattern: /^/,
      when: (text) => text.facts.status === 401,
      example: 'failed to resolve reference "reg.test/web:1": unexpected status code [manifests 1]: 401 Unauthorized',
      source: "containerd/containerd remotes/docker/resolver.go@v1.3.10",
    },
    {
      writtenBy: "registry",
      stage: "umbrella",
      pattern:
        /\bunauthorized\b|\bauthentication (?:is )?required\b|\bauthorization required\b|\bNot Authorized\b|\bauthorization failed\b|\bUNAUTHENTICATED\b/i,
      example: "unauthorized: authentication required",
      source: "distribution/distribution registry/api/errcode/register.go",
    },
  ],
  decide(file) {
    const verdicts = loginVerdicts(file);
    const open = verdicts.filter(({ state }) => state === "refused-somehow");
    if (open.length === 0 || grantedAsTheNode(file).length > 0)
      return withSuspicions(file, saidByTheNode(file, "unauthorized"));
    return {
      certainty: besideTheNode(file, "unauthorized", leastSure(open)),
      title: "The registry refuses the login, and does not say whether it is wrong or not allowed",
      evidence: [...verdicts.flatMap(({ evidence }) => evidence), ...toldEvidence(file)],
      detail: eachLogin(verdicts),
      alternatives: ["credentials-rejected", "permission-denied", "credentials-expired", "repository-not-found"],
    };
  },
  remedies: (file) => [
    ...tryLogin(file),
    {
      title: "See which pull secrets the service account gives to new pods",
      command: `kubectl get ${shellWord(`serviceaccount/${file.target.serviceAccountName ?? "default"}`)} ${inNamespace(file.target.namespace)} -o jsonpath='{.imagePullSecrets}'`,
    },
    ...giveLogin(file),
  ],
  examples: [
    { name: "the text says 401 and not why", file: { symptoms: [said("unauthorized")] }, finds: "likely" },
    {
      name: "the registry refuses the login as wrong or as not allowed",
      file: {
        candidates: [login()],
        probes: [asked(refused("login-refused-or-no-permission", 401, "token"), login())],
      },
      finds: "certain",
    },
    {
      name: "near miss: the registry gives the image now",
      file: { symptoms: [said("unauthorized")], probes: [asked(granted())] },
      finds: undefined,
    },
    {
      name: "near miss: the registry says that the tag is not there",
      file: { symptoms: [said("unauthorized")], probes: [asked(refused("tag-absent", 404))] },
      finds: undefined,
    },
  ],
});
