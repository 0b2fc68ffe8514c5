import { expect, test } from "vitest";
import { parseDuration } from "../../src/cli/duration.ts";

test.each([
  ["10s", 10_000],
  ["500ms", 500],
  ["1m30s", 90_000],
  ["10", 10_000],
  ["1.5s", 1_500],
  ["0", 0],
  ["", undefined],
  ["s", undefined],
  ["10 s", undefined],
  ["-1s", undefined],
  ["25h", undefined],
])("duration %j is %j ms", (text, expected) => {
  expect(parseDuration(text)).toBe(expected);
});
