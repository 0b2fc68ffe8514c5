import { defineRegistry } from "./registry.ts";
import { shellWord } from "./shell-word.ts";

/** `123456789012.dkr.ecr.eu-central-1.amazonaws.com` → `eu-central-1`. */
function region(host: string): string {
  return shellWord(host.split(".")[3] ?? "REGION");
}

export const ecr = defineRegistry({
  id: "ecr",
  name: "Amazon ECR",
  // Account, service, region, suffix: all anchored, as in awslabs/amazon-ecr-credential-helper:ecr-login/api/client.go.
  hosts: [
    "############.dkr.ecr.*.amazonaws.com",
    "############.dkr.ecr.*.amazonaws.com.cn",
    "############.dkr.ecr.*.amazonaws.eu",
    "############.dkr.ecr-fips.*.amazonaws.com",
    "############.dkr.ecr-fips.*.amazonaws.com.cn",
    "############.dkr-ecr.*.on.aws",
    "############.dkr-ecr-fips.*.on.aws",
    "############.dkr-ecr.*.on.amazonwebservices.com.cn",
    "############.dkr.ecr.*.sc2s.sgov.gov",
    "############.dkr.ecr.*.c2s.ic.gov",
    "############.dkr.ecr.*.cloud.adc-e.uk",
    "############.dkr.ecr.*.csp.hci.ic.gov",
  ],
  // In another account a policy that is missing and a repository that is missing are told alike; denials are often bound to an address
  // or a VPC endpoint, which the node has and we have not (https://docs.aws.amazon.com/AmazonECR/latest/userguide/repository-policies.html).
  mayMean: [
    { says: "no resource-based policy allows", code: "repository-not-found" },
    { says: "explicit deny", code: "ip-not-allowed" },
    { says: "vpc endpoint policy", code: "ip-not-allowed" },
  ],
  username: { fits: (username) => username === "AWS", text: "the user name is AWS, whoever asks" },
  ownUsers: ["AWS"],
  password: { shape: "ECR password", text: "what `aws ecr get-login-password` prints" },
  nodesLogIn: true,
  blobHosts: ["prod-*-starport-layer-bucket.s3.*.amazonaws.com"],
  politeness: { tagsPage: 1000 },
  meanings: [
    {
      status: 403,
      says: "token has expired",
      means: "login-expired",
      source: "https://github.com/buildkite/elastic-ci-stack-for-aws/issues/178",
    },
    {
      status: 403,
      says: ["authorization token is invalid", "security token included in the request is invalid"],
      means: "login-refused",
      source: "https://github.com/dotnet/Docker.DotNet/issues/633",
    },
    {
      // Said of a repository that is missing in another account, too.
      status: 403,
      says: "is not authorized to perform",
      means: "no-permission",
      source: "https://github.com/bottlerocket-os/bottlerocket/issues/157",
    },
    {
      step: "tags",
      status: 405,
      means: "bad-request",
      source: "ECR refuses n above 1000: Member must have value less than or equal to 1000",
    },
    {
      status: 400,
      scheme: "basic",
      step: "manifest",
      means: "login-refused",
      source: "https://github.com/aws/aws-sdk-js/issues/1835",
    },
    {
      step: "manifest",
      status: 404,
      code: "MANIFEST_UNKNOWN",
      means: "tag-absent",
      source:
        "https://docs.aws.amazon.com/AmazonECR/latest/userguide/common-errors.html; a missing repository is NAME_UNKNOWN",
    },
  ],
  login: {
    wanted: "a fresh password",
    username: "AWS",
    passwordCommand: (host) => `aws ecr get-login-password --region ${region(host)}`,
    lifetime: "12 hours",
    lasting:
      "Use the kubelet's ECR credential provider (on EKS: the node role), so that no pull secret has to be renewed",
  },
  advice: [
    {
      when: ["no-permission"],
      title:
        "Look at who may pull: the repository's policy, and the role behind the login (AmazonEC2ContainerRegistryPullOnly)",
      command: ({ host, repository }) =>
        `aws ecr get-repository-policy --repository-name ${shellWord(repository ?? "REPOSITORY")} --region ${region(host)}`,
    },
    {
      when: ["repository-absent"],
      title: "List the repositories of that account and region",
      command: ({ host }) =>
        `aws ecr describe-repositories --registry-id ${shellWord(host.slice(0, 12))} --region ${region(host)}`,
    },
  ],
});
