import { answerExamples } from "../evidence/example-parts.ts";
import { registryAnswer } from "../evidence/registry-answer.ts";
import { setImage } from "../evidence/remedies.ts";
import { defineCause } from "./cause.ts";

export const tagExpired = defineCause({
  code: "tag-expired",
  family: "registry",
  title: "The tag was deleted or has expired at the registry",
  explanation:
    "Quay says that this tag once existed and has been deleted or has run out. Its time machine can bring it back for a while.",
  retryable: false,
  looks: {
    registry: "`Tag T was deleted or has expired. To pull, revive via time machine`",
  },
  toldFrom: {
    "manifest-not-found": "there the registry does not know that it ever existed",
  },
  wordings: [
    {
      writtenBy: "registry",
      stage: "phrase",
      pattern: /\bTag \S+ was deleted or has expired\b|\brevive via time machine\b/i,
      alternatives: ["manifest-not-found"],
      example:
        "reading manifest 1 in quay.io/shop/web: unknown: Tag 1 was deleted or has expired. To pull, revive via time machine",
      source: "quay/quay endpoints/v2/manifest.py",
    },
  ],
  decide: (file) => registryAnswer(file, { code: "tag-expired", meanings: ["tag-expired"] }),
  remedies: (file) => [
    setImage(file, "Use a tag that exists", undefined),
    { title: "Or restore the tag in the repository's tag history at the registry" },
  ],
  examples: answerExamples("tag-expired", "tag-expired", 404),
});
