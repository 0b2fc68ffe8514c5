import { defineCause } from "./cause.ts";

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
  wordings: [],
  remedies: () => [{ title: "Grant the identity read access to the repository" }],
  examples: [],
});
