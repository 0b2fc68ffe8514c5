import { expect, test } from "vitest";
import { withoutWrapping } from "../../../src/knowledge/evidence/sentences.ts";

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
  expect(withoutWrapping(message)).toBe(words);
});

test("a message that is wrapping alone ends empty, and a long one is bounded", () => {
  expect(withoutWrapping('Failed to pull image "r.test/a:1": ')).toBe("");
  expect(withoutWrapping("x".repeat(100_000)).length).toBeLessThan(10_000);
});
