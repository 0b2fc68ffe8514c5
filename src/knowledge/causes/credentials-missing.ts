import { weakest } from "../../domain/certainty.ts";
import { secretsRead } from "../evidence/answers.ts";
import { isLoginTrouble } from "../evidence/code-classes.ts";
import { asked, granted, login, pullSecret, reference, refused, said } from "../evidence/example-parts.ts";
import { loginNeed, needAlternatives, nodeMayLogIn } from "../evidence/login-need.ts";
import {
  nameInServiceAccount,
  recreatePod,
  registryAdvice,
  secretToMend,
  writePullSecret,
} from "../evidence/remedies.ts";
import { saidByTheNode } from "../evidence/said-by-the-node.ts";
import { unusedSecretRemedies } from "../evidence/secret-remedies.ts";
import { registryWords } from "../evidence/sentences.ts";
import { toldByTheNode, toldCode } from "../evidence/symptoms.ts";
import { defineCause } from "./cause.ts";

const ecr = { ...reference, registry: "123456789012.dkr.ecr.eu-central-1.amazonaws.com" };

export const credentialsMissing = defineCause({
  code: "credentials-missing",
  family: "auth",
  title: "The registry wants a login and none was sent",
  explanation:
    "The image is private, or the registry asks everybody to log in, and the node had no login for that host. No pull secret is named, none of them has an entry for this host, or the node's own credential plugin gave nothing.",
  retryable: false,
  looks: {
    containerd: "`no basic auth credentials` (from 1.6.25, 1.7.8); `failed to fetch anonymous token: … 401`",
    "CRI-O": "`Please login to the Red Hat Registry`; `unauthorized`",
    Docker: "`no basic auth credentials`",
  },
  toldFrom: {
    "credentials-rejected": "there a login was sent",
    "pull-secret-missing": "a reason for it: the named secret does not exist",
    "pull-secret-no-match": "a reason for it: the secret is for another host",
  },
  wordings: [
    {
      writtenBy: "docker",
      stage: "phrase",
      pattern: /\bno basic auth credentials\b|\bmissing username or secret\b/,
      alternatives: ["access-denied-or-missing", "pull-secret-malformed"],
      example: 'Head "https://reg.test/v2/web/manifests/1": no basic auth credentials',
      source:
        "distribution/distribution internal/client/auth/session.go; containerd/containerd core/remotes/docker/authorizer.go",
    },
    {
      writtenBy: "registry",
      stage: "phrase",
      pattern:
        /^(?!.*invalid username).*\b(?:Please login to the Red Hat Registry|You may not login yet)\b|\bUnauthenticated requests? do(?:es)? not have\b|\bUnauthenticated request\b|\bAnonymous users are only allowed\b|\bYou must be (?:logged|signed) in\b|\bnot logged in\b|\bauthenticate using docker login\b/i,
      alternatives: ["credentials-rejected", "access-denied-or-missing"],
      example: "unauthorized: Please login to the Red Hat Registry using your Customer Portal credentials.",
      source: "https://access.redhat.com/RegistryAuthentication",
    },
    {
      writtenBy: "containerd",
      stage: "status",
      pattern: /^/,
      when: (text) => text.facts.status === 401 && text.facts.operation === "token" && text.facts.login === "without",
      alternatives: ["access-denied-or-missing"],
      example:
        "failed to authorize: failed to fetch anonymous token: unexpected status from GET request to https://reg.test/token?service=reg.test: 401 Unauthorized",
      source: "containerd/containerd core/remotes/docker/authorizer.go",
    },
  ],
  decide(file) {
    const need = loginNeed(file);
    if (need === undefined) return saidByTheNode(file, "credentials-missing");
    const told = toldByTheNode(file);
    // Hidden: "private without a login" is one reading only, unless the node's words say that a login was wanted.
    if (need.hidden && told?.code !== "credentials-missing") return undefined;
    const registry = registryWords(file);
    const named = file.target.pullSecretNames.length > 0;
    const nodesOwn = nodeMayLogIn(file);
    const unused = file.unusedSecrets.slice(0, 3).map(({ namespace, name, key }) => ({
      source: `secret ${name}`,
      text: `It holds the entry "${key}", in namespace ${namespace}; the pod does not name it, so its login was not tried for it`,
    }));
    return {
      // Where nodes log in by themselves, everybody else is refused, whatever ails the pull.
      certainty: nodesOwn
        ? weakest(isLoginTrouble(toldCode(file)) ? "likely" : "possible", need.certainty)
        : need.certainty,
      title: named
        ? `${registry} wants a login, and ${
            secretsRead(file)
              ? "none of the pod's pull secrets gives one"
              : "what the pod's pull secrets give was not seen"
          }`
        : `${registry} wants a login, and the pod names no pull secret`,
      evidence: [...need.evidence, ...unused],
      ...(nodesOwn && {
        detail:
          "Where the nodes log in by themselves (a role, a managed identity, a credential provider), it is that login that failed or is missing.",
      }),
      alternatives: [...needAlternatives(need), ...(nodesOwn ? ["credential-provider-failed"] : [])],
    };
  },
  remedies(file) {
    const unused = unusedSecretRemedies(file);
    const unnamed = file.target.pullSecretNames.length === 0;
    // A Secret that is there already needs no second one beside it.
    const written =
      unused.length > 0
        ? []
        : [...writePullSecret(file), ...(unnamed ? [nameInServiceAccount(file, secretToMend(file))] : [])];
    return [...unused, ...written, ...(unnamed ? recreatePod(file) : []), ...registryAdvice(file, ["login-wanted"])];
  },
  examples: [
    {
      name: "the registry wants a login and the pod has none",
      file: { probes: [asked(refused("login-wanted"))] },
      finds: "certain",
    },
    {
      name: "the cloud's own registry: the nodes may log in by themselves, and fail at that",
      file: {
        reference: { kind: "valid", reference: ecr },
        symptoms: [said("unauthorized")],
        probes: [asked(refused("login-wanted"))],
      },
      finds: "likely",
    },
    {
      name: "near miss: the cloud's own registry knows the node's role, and refuses it",
      file: {
        reference: { kind: "valid", reference: ecr },
        symptoms: [said("permission-denied")],
        probes: [asked(refused("login-wanted"))],
      },
      finds: undefined,
    },
    {
      name: "the node's text says that none was sent",
      file: { symptoms: [said("credentials-missing", { login: "without" })] },
      finds: "likely",
    },
    {
      name: "a 401 on the node, and the pod has no login",
      file: { symptoms: [said("unauthorized")], pullSecrets: [pullSecret("decoded")] },
      finds: "likely",
    },
    {
      name: "the secrets could not be read, so there may be one",
      file: { symptoms: [said("unauthorized")], pullSecrets: [pullSecret("forbidden")] },
      finds: "possible",
    },
    {
      name: "near miss: the registry gives it to everybody",
      file: { symptoms: [said("credentials-missing")], probes: [asked(granted())] },
      finds: undefined,
    },
    {
      name: "near miss: the registry does not tell private from missing",
      file: { symptoms: [said("access-denied-or-missing")], probes: [asked(refused("absent-or-no-access"))] },
      finds: undefined,
    },
    {
      name: "near miss: the node got past the door with a login of its own",
      file: { symptoms: [said("manifest-not-found")], probes: [asked(refused("login-wanted"))] },
      finds: undefined,
    },
    {
      name: "near miss: there is a login, and it is refused",
      file: {
        candidates: [login()],
        probes: [asked(refused("login-wanted")), asked(refused("login-refused"), login())],
      },
      finds: undefined,
    },
  ],
});
