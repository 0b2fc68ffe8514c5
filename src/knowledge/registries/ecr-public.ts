import { defineRegistry } from "./registry.ts";

export const ecrPublic = defineRegistry({
  id: "ecr-public",
  name: "Amazon ECR Public",
  hosts: ["public.ecr.aws", "ecr-public.aws.com"],
  username: { fits: (username) => username === "AWS", text: "the user name is AWS, whoever asks" },
  ownUsers: ["AWS"],
  password: { shape: "ECR password", text: "what `aws ecr-public get-login-password` prints" },
  blobHosts: ["*.cloudfront.net"],
  // Anonymous: one request a second; a walk through an index trips it.
  politeness: { tags: "never", gap: 1_000 },
  meanings: [
    {
      step: ["token", "login"],
      status: [400, 403],
      says: "token has expired",
      withLogin: true,
      means: "login-expired",
      source: "the words of ECR for the same, see ecr.ts",
    },
    {
      step: ["token", "login", "manifest"],
      status: [400, 403],
      withLogin: true,
      means: "login-refused",
      source:
        "https://github.com/aws/containers-roadmap/issues/2835 (400), https://github.com/awslabs/eksdemo/issues/68 (403)",
    },
  ],
  login: {
    wanted: "a fresh password (or with none: everything here is public)",
    username: "AWS",
    passwordCommand: () => "aws ecr-public get-login-password --region us-east-1",
    lifetime: "12 hours",
    lasting: "Take the entry out of the pull secret: everybody may pull from here",
  },
});
