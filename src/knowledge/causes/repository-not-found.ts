import { canonicalName } from "../../domain/image-reference.ts";
import { grantedAsTheNode, refusalOf, refusedAsTheNode, secretsRead } from "../evidence/answers.ts";
import { dialectFor } from "../evidence/dialect.ts";
import { asked, granted, refused, said, tags } from "../evidence/example-parts.ts";
import { hasLogin } from "../evidence/login-need.ts";
import { pushImage, setImage } from "../evidence/remedies.ts";
import { saidByTheNode } from "../evidence/said-by-the-node.ts";
import { probeEvidence, shortened, toldEvidence } from "../evidence/sentences.ts";
import { neighbours, tagsProbe } from "../evidence/tags.ts";
import { besideTheNode } from "../evidence/weigh.ts";
import { defineCause } from "./cause.ts";

export const repositoryNotFound = defineCause({
  code: "repository-not-found",
  family: "registry",
  title: "The registry does not have this repository",
  explanation:
    "The registry was reached and says that the repository itself is unknown. The path is misspelt, the project was renamed, or it was never created; some registries want it created before the first push.",
  retryable: false,
  looks: {
    "CRI-O": "`name unknown: …`",
    Docker:
      "`repository R not found: name unknown: The repository with name 'n' does not exist in the registry with id 'i'`",
    containerd: "not told from a missing tag: `not found`",
  },
  toldFrom: {
    "manifest-not-found": "there the repository exists",
    "access-denied-or-missing": "there the registry does not tell",
  },
  wordings: [
    {
      writtenBy: "registry",
      stage: "code",
      pattern:
        /\bname unknown\b|\bNAME_UNKNOWN\b|\brepository name not known to registry\b|\bThe repository with name '[^']*' does not exist\b|\b(?:project|repository) \S+ not found\b|\bRepo not found\b|\brepository not found\b|\bRepositoryNotFound/,
      alternatives: ["manifest-not-found"],
      example:
        "repository reg.test/wbe not found: name unknown: The repository with name 'wbe' does not exist in the registry with id '000000000000'",
      source: "distribution/distribution registry/api/errcode/register.go",
    },
    {
      // Artifact Registry has its token server look for the repository.
      writtenBy: "registry",
      stage: "code",
      pattern: /^404\b/,
      when: ({ facts }) => facts.operation === "token" && /(?:^|[.-])(?:pkg\.dev|gcr\.io)$/.test(facts.host ?? ""),
      alternatives: ["access-denied-or-missing", "auth-server-error"],
      example:
        "failed to authorize: failed to fetch oauth token: unexpected status from GET request to https://us-docker.pkg.dev/v2/token?service=us-docker.pkg.dev: 404 Not Found",
      source: "https://cloud.google.com/artifact-registry/docs/troubleshooting",
    },
  ],
  decide(file) {
    if (grantedAsTheNode(file).length > 0) return saidByTheNode(file, "repository-not-found");
    const list = tagsProbe(file);
    const listed = refusalOf(list)?.meaning;
    const noTags = listed === "repository-absent" || listed === "absent";
    const missing = refusedAsTheNode(file, noTags ? ["repository-absent", "absent"] : ["repository-absent"]);
    if (missing.length === 0 || list?.answer.kind === "tags") return saidByTheNode(file, "repository-not-found");
    const hides = dialectFor(file).hidesAsAbsent === true;
    const known = (secretsRead(file) || hasLogin(file)) && !hides;
    const near = neighbours(file).map(
      ({ question }) => `${question.reference.registry}/${question.reference.repository}`,
    );
    const name = file.reference.kind === "valid" ? ` ${shortened(file.reference.reference.repository, 120)}` : "";
    return {
      certainty: besideTheNode(file, "repository-not-found", known ? "certain" : "likely"),
      title: `The registry does not have the repository${name}`,
      evidence: [
        ...missing.map(({ probe }) => probeEvidence(probe, file.now)),
        ...(list === undefined ? [] : [probeEvidence(list, file.now)]),
        ...neighbours(file).map((probe) => probeEvidence(probe, file.now)),
        ...toldEvidence(file),
      ],
      ...(hides && { alternatives: ["access-denied-or-missing"] }),
      ...(near.length > 0 && { detail: `It does answer for ${near.map((one) => shortened(one, 160)).join(", ")}.` }),
    };
  },
  remedies: (file) => {
    const [near] = neighbours(file);
    const { reference } = file;
    const meant =
      near === undefined || reference.kind !== "valid"
        ? undefined
        : canonicalName({
            ...reference.reference,
            registry: near.question.reference.registry,
            repository: near.question.reference.repository,
          });
    return [
      setImage(
        file,
        meant === undefined
          ? "Correct the repository in the image name: its path, and the registry before it"
          : `Use ${shortened(meant)}, if that is the one that was meant`,
        meant,
      ),
      pushImage(file),
    ];
  },
  examples: [
    {
      name: "the registry names the repository as unknown",
      file: { probes: [asked(refused("repository-absent", 404))] },
      finds: "certain",
    },
    {
      name: "a bare 404 for the manifest and for the list of tags",
      file: {
        symptoms: [said("manifest-not-found")],
        probes: [asked(refused("absent", 404)), asked(refused("repository-absent", 404), undefined, "tags")],
      },
      finds: "certain",
    },
    { name: "only the node's text says so", file: { symptoms: [said("repository-not-found")] }, finds: "likely" },
    {
      name: "near miss: a bare 404, and the tags can be listed",
      file: { probes: [asked(refused("absent", 404)), asked(tags("1.3"), undefined, "tags")] },
      finds: undefined,
    },
    {
      name: "near miss: a bare 404, and the list of tags is refused to us",
      file: { probes: [asked(refused("absent", 404)), asked(refused("login-wanted"), undefined, "tags")] },
      finds: undefined,
    },
    {
      name: "near miss: it is there now",
      file: { symptoms: [said("repository-not-found")], probes: [asked(granted())] },
      finds: undefined,
    },
  ],
});
