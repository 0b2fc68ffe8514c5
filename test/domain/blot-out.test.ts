import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { blotOut } from "../../src/domain/blot-out.ts";

const secret = "correct-horse-battery";

describe("a secret in a text", () => {
  test.each([
    ["whole", `refused "${secret}" twice: ${secret}`, 'refused "[redacted]" twice: [redacted]'],
    ["cut in the middle", 'refused "correct-horse-b… and more"', 'refused "[redacted]… and more"'],
    [
      "cut by the end of the text",
      "refused user ci with password correct-h",
      "refused user ci with password [redacted]",
    ],
    ["all but its last letter, at the end", `with ${secret.slice(0, -1)}`, "with [redacted]"],
    ["its first letters in the middle, which are a word", "not correct: no horse", "not correct: no horse"],
    ["three letters at the end, which are chance", "refused cor", "refused cor"],
    ["none of it", "denied", "denied"],
    ["nothing", "", ""],
  ])("%s", (_, text, expected) => {
    expect(blotOut(text, [secret], "")).toBe(expected);
  });

  test("the longest spelling counts, and what the image is called is no secret", () => {
    expect(blotOut("x-secret-of-mine-y", ["secret", "secret-of-mine"], "")).toBe("x-[redacted]-y");
    expect(blotOut("pull library/postgres failed for postgres", ["postgres"], "library/postgres:16")).toBe(
      "pull library/postgres failed for postgres",
    );
  });

  test("C3: is gone wherever a text is cut, but for less than anybody could use", () => {
    const letter = fc.constantFrom(..."abcXYZ019+/=-_.");
    const random = fc.string({ unit: letter, minLength: 8, maxLength: 60 });
    fc.assert(
      fc.property(fc.string(), random, fc.string(), fc.nat(), (before, hidden, after, at) => {
        const text = before + hidden + after;
        const shown = blotOut(text.slice(0, at % (text.length + 1)), [hidden], "");
        for (const length of [hidden.length, 12]) {
          const part = hidden.slice(0, length);
          if (!`${before}[redacted]${after}`.includes(part)) expect(shown.includes(part)).toBe(false);
        }
        if (before === "" && after === "") expect(shown.length <= 3 || shown.endsWith("[redacted]")).toBe(true);
      }),
      { numRuns: 3_000 },
    );
  });
});
