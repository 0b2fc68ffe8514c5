import { describe, expect, test } from "vitest";
import { editDistance } from "../../src/knowledge/edit-distance.ts";

describe("the edit distance", () => {
  test.each([
    ["kitten", "sitting", 3, 3],
    ["same", "same", 0, 0],
    ["", "ab", 2, 2],
    ["web", "wbe", 1, 1],
    ["registry", "regisrty", 1, 1],
    ["abcdef", "bcdef", 1, 1],
  ])("of %o and %o, at most %i, is %i", (a, b, most, distance) => {
    expect(editDistance(a, b, most)).toBe(distance);
    expect(editDistance(b, a, most)).toBe(distance);
  });

  test.each([
    ["kitten", "sitting", 2],
    ["same", "some", 0],
    ["", "ab", 1],
    ["ca", "abc", 2],
    ["same", "same", -1],
  ])("of %o and %o is more than %i", (a, b, most) => {
    expect(editDistance(a, b, most)).toBeUndefined();
  });
});
