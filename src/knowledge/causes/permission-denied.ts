import type { CaseFile } from "../../domain/case-file.ts";
import type { Finding } from "../../domain/diagnosis.ts";
import { lookupName } from "../../domain/image-reference.ts";
import { anonymousProbe, grantedAsTheNode, refusalOf, secretsRead } from "../evidence/answers.ts";
import { asked, granted, login, reference, refused, said, tags } from "../evidence/example-parts.ts";
import { loginFault } from "../evidence/login-fault.ts";
import { hasLogin, nodeMayLogIn } from "../evidence/login-need.ts";
import { loginVerdicts } from "../evidence/logins.ts";
import { giveLogin, registryAdvice } from "../evidence/remedies.ts";
import { probeEvidence, toldEvidence } from "../evidence/sentences.ts";
import { tagIsListed, tagsProbe } from "../evidence/tags.ts";
import { besideTheNode } from "../evidence/weigh.ts";
import { defineCause } from "./cause.ts";

const ci = login();

export const permissionDenied = defineCause({
  code: "permission-denied",
  family: "auth",
  title: "The registry knows who asks and does not allow it",
  explanation:
    "The registry answered 403: the identity (or nobody) is known and has no right to read this repository. A role, a grant, a token scope or a repository policy is missing.",
  retryable: false,
  looks: {
    containerd: "`… 403 Forbidden`; `failed to fetch oauth token: … 403`",
    "CRI-O": '`denied: Permission "artifactregistry.repositories.downloadArtifacts" denied on resource …`',
    Docker: "`denied: denied`; `denied: access forbidden`; `is not authorized to perform: ecr:BatchGetImage`",
  },
  toldFrom: {
    "credentials-expired": "ECR answers 403 for an expired token too",
    "ip-not-allowed": "a firewall of the registry; the body of the answer tells",
    "repository-not-found": "GHCR and Artifact Registry hide missing repositories behind it",
  },
  wordings: [
    {
      writtenBy: "registry",
      stage: "phrase",
      pattern:
        /\bYour client does not have permission to get URL\b|\bdoes not have (?!internet|network)\S{1,60} access\b/,
      alternatives: ["geo-or-legal-block", "ip-not-allowed", "proxy-rejected"],
      example: `error parsing HTTP 403 response body: invalid character '<' looking for beginning of value: "<html><h2>Your client does not have permission to get URL <code>/v2/web/manifests/1</code> from this server.</h2></html>"`,
      source: "https://cloud.google.com/artifact-registry/docs/troubleshooting",
    },
    {
      // Names the identity and the action it lacks, also inside Docker's "does not exist or may require 'docker login'".
      writtenBy: "registry",
      stage: "phrase",
      pattern: /\bis not authorized to perform\b/,
      alternatives: ["credentials-missing", "access-denied-or-missing", "repository-not-found"],
      example:
        "pull access denied for reg.test/web, repository does not exist or may require 'docker login': denied: User: arn:aws:sts::000000000000:assumed-role/node is not authorized to perform: ecr:BatchGetImage on resource: shop/web",
      source: "https://docs.aws.amazon.com/AmazonECR/latest/userguide/common-errors-docker.html",
    },
    {
      writtenBy: "registry",
      stage: "code",
      pattern:
        /\bpermission_denied\b|\bPermission "[^"]*" denied on resource\b(?!.*or it may not exist)|\bunauthorized to access repository\b|\bYou are not authorized to access\b|\bnot authorized to access the specified resource\b|\bclient does not have permission\b|\bdo(?:es)?(?:n't| not) have (?:the )?(?:required )?permission|\bPermission Denied"|\bis forbidden for user\b|\bAccessDenied\b|\binsufficient (?:scope|permissions?|privileges)\b/i,
      alternatives: ["credentials-missing", "access-denied-or-missing", "repository-not-found"],
      example:
        "unauthorized: unauthorized to access repository: shop/web, action: pull: unauthorized to access repository: shop/web, action: pull",
      source: "goharbor/harbor src/server/middleware/v2auth/auth.go",
    },
    {
      // Who may read the manifest may read its layers: often it is the store behind the registry that refuses, and neither
      // Docker nor containerd before 2.0 names where they were sent.
      writtenBy: "containerd",
      stage: "code",
      pattern: /^403\b|^(?:denied|DENIED)(?:: |$)/,
      when: ({ facts: { operation, foreignHost } }) =>
        (operation === "blob" || operation === "config") && foreignHost !== "blob-store",
      alternatives: [
        "blob-store-blocked",
        "credentials-rejected",
        "credentials-expired",
        "ip-not-allowed",
        "proxy-rejected",
      ],
      example:
        "failed to copy: httpReadSeeker: failed open: unexpected status code https://reg.test/v2/web/blobs/sha256:0a: 403 Forbidden",
      source:
        "containerd/containerd core/remotes/docker/fetcher.go; distribution/distribution internal/client/errors.go",
    },
    {
      writtenBy: "registry",
      stage: "code",
      pattern:
        /\bdenied: denied\b|\baccess forbidden\b|(?<!\b[Pp]ermission )\b(?:denied|DENIED|forbidden|FORBIDDEN): \S|(?:^|: )denied\.?(?:\ndenied\.?){0,3}$/,
      alternatives: ["credentials-rejected", "credentials-missing", "credentials-expired", "repository-not-found"],
      example: 'Head "https://reg.test/v2/shop/web/manifests/1": denied: access forbidden',
      source: "https://docs.gitlab.com/user/packages/container_registry/troubleshoot_container_registry/",
    },
    {
      writtenBy: "containerd",
      stage: "status",
      pattern: /^/,
      when: (text) => text.facts.status === 403,
      alternatives: [
        "credentials-rejected",
        "credentials-expired",
        "ip-not-allowed",
        "proxy-rejected",
        "geo-or-legal-block",
      ],
      example:
        'failed to resolve reference "reg.test/web:1": pulling from host reg.test failed with status code [manifests 1]: 403 Forbidden',
      source: "containerd/containerd remotes/docker/resolver.go@v1.6.24",
    },
  ],
  decide(file) {
    const finding = loginFault(file, {
      code: "permission-denied",
      state: "no-permission",
      verb: "may not read this image",
    });
    // A login that may list the tags, and a tag that is not among them: Artifactory answers 403 for it.
    if (tagIsListed(file) === false) return undefined;
    if (finding !== undefined && !hasLogin(file)) return forEverybody(file, finding);
    if (finding?.certainty === "certain" || tagIsListed(file) !== true) return finding;
    // The tag is in the list that this login may read: it is there, and refused.
    const hidden = loginVerdicts(file).filter(({ state }) => state === "hidden");
    const list = tagsProbe(file);
    if (hidden.length === 0 || list === undefined || grantedAsTheNode(file).length > 0) return finding;
    return {
      certainty: besideTheNode(file, "permission-denied", "certain"),
      evidence: [...hidden.flatMap(({ evidence }) => evidence), probeEvidence(list, file.now), ...toldEvidence(file)],
    };
  },
  remedies: (file) => [
    ...registryAdvice(file, ["no-permission"]),
    ...(hasLogin(file) || nodeMayLogIn(file)
      ? [{ title: `Give the account of the login read access to ${nameOf(file)} at the registry` }]
      : []),
    ...giveLogin(file),
  ],
  examples: [
    {
      name: "the registry knows the login and does not allow it",
      file: { candidates: [ci], probes: [asked(refused("login-wanted")), asked(refused("no-permission", 403), ci)] },
      finds: "certain",
    },
    {
      name: "only the node's text says so",
      file: { candidates: [ci], symptoms: [said("permission-denied")] },
      finds: "likely",
    },
    {
      name: "hidden, but the tag is in the list that the login may read",
      file: { candidates: [ci], probes: [asked(refused("absent-or-no-access"), ci), asked(tags("1.4"), ci, "tags")] },
      finds: "certain",
    },
    {
      name: "nobody logs in, and node and probe get 403",
      file: { symptoms: [said("permission-denied")], probes: [asked(refused("absent-or-no-access", 403))] },
      finds: "certain",
    },
    {
      name: "the cloud's own registry: the node may have sent its own login, so our 403 is not its 403",
      file: {
        reference: { kind: "valid", reference: { ...reference, registry: "europe-docker.pkg.dev" } },
        symptoms: [said("permission-denied")],
        probes: [asked(refused("absent-or-no-access", 403))],
      },
      finds: "likely",
    },
    {
      name: "near miss: the 403 is for a login that is wrong",
      file: {
        candidates: [ci],
        probes: [asked(refused("no-permission", 403), ci), asked(refused("login-refused", 401, "login"), ci, "login")],
      },
      finds: undefined,
    },
    {
      name: "near miss: the registry does not tell private from missing",
      file: { candidates: [ci], probes: [asked(refused("absent-or-no-access"), ci), asked(granted(), ci, "login")] },
      finds: undefined,
    },
    {
      name: "near miss: the node was refused, and is not any more",
      file: { candidates: [ci], symptoms: [said("permission-denied")], probes: [asked(granted(), ci)] },
      finds: undefined,
    },
  ],
});

/** The node and we are both refused with 403, and no login was sent: that much is certain, and not whether a login would help. */
function forEverybody(file: CaseFile, finding: Finding): Finding {
  const control = anonymousProbe(file);
  const refusal = refusalOf(control);
  if (control === undefined || refusal === undefined || refusal.words.status !== 403 || nodeMayLogIn(file))
    return finding;
  return {
    certainty: secretsRead(file) ? "certain" : "likely",
    title: "The registry forbids the image (403) to whoever asks without a login",
    evidence: [probeEvidence(control, file.now), ...finding.evidence],
    detail: "Whether a login would help, or the image is not there at all, this answer does not say.",
    alternatives: ["access-denied-or-missing", "credentials-missing", "repository-not-found"],
  };
}

function nameOf({ reference }: CaseFile): string {
  return reference.kind === "valid" ? lookupName(reference.reference) : "the repository";
}
