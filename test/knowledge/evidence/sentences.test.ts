import { expect, test } from "vitest";
import { said } from "../../../src/knowledge/evidence/example-parts.ts";
import { symptomEvidence } from "../../../src/knowledge/evidence/sentences.ts";

/** What the evidence shows of a message. */
function shown(message: string): string {
  const symptom = said("unknown");
  return symptomEvidence({ ...symptom, quote: "the innermost", failure: { ...symptom.failure, reason: "", message } })
    .text;
}

test.each([
  [
    'Failed to pull image "r.test/a:1": rpc error: code = Unknown desc = failed to pull and unpack image "r.test/a:1": failed to resolve reference "r.test/a:1": failed to authorize: failed to fetch oauth token: unexpected status: 401 Unauthorized',
    "failed to authorize: failed to fetch oauth token: unexpected status: 401 Unauthorized",
  ],
  [
    'Back-off pulling image "r.test/a:1": ErrImagePull: rpc error: code = NotFound desc = r.test/a:1: not found',
    "ErrImagePull: rpc error: code = NotFound desc = r.test/a:1: not found",
  ],
  ['Head "https://r.test/v2/a/manifests/1": EOF', 'Head "https://r.test/v2/a/manifests/1": EOF'],
  ["pull QPS exceeded", "pull QPS exceeded"],
])("what repeats the report is left out: %s", (message, words) => {
  expect(shown(message)).toBe(words);
});

test("of a message that is wrapping alone the innermost error is shown, and a long one is bounded", () => {
  expect(shown('Failed to pull image "r.test/a:1": ')).toBe("the innermost");
  expect(shown("x".repeat(100_000)).length).toBeLessThan(500);
});
