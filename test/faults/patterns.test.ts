import { beforeAll, describe, expect, test } from "vitest";
import {
  attackText,
  compiledPatterns,
  filesThatCompile,
  judgePattern,
  longestText,
  type Pattern,
  patternKey,
  readVerdicts,
  writtenPatterns,
} from "../support/patterns.ts";

/** Milliseconds of the processor that the worst text may take. */
const patience = 150;

let patterns: readonly Pattern[];
let compiled: readonly Pattern[];
const verdicts = readVerdicts();

beforeAll(async () => {
  compiled = await compiledPatterns();
  patterns = [...writtenPatterns(), ...compiled];
  // What is new is judged here; npm run check-patterns takes more time for it, and keeps the verdict.
  for (const pattern of patterns) {
    const key = patternKey(pattern);
    if (!verdicts.has(key)) verdicts.set(key, await judgePattern(pattern.source, pattern.flags, 3_000));
  }
}, 120_000);

/** As the program does it: those that must match at a place are tried at some hundred. */
function search(text: string, { source, flags }: Pattern): void {
  const made = new RegExp(source, flags);
  if (!made.sticky) return void text.search(made);
  for (let at = 0; at < 400; at += 1) {
    made.lastIndex = at;
    made.test(text);
  }
}

/** The quickest of three, in milliseconds of the processor. */
function timeOf(act: () => void): number {
  const times = [1, 2, 3].map(() => {
    const before = process.cpuUsage();
    act();
    return process.cpuUsage(before).user / 1_000;
  });
  return Math.min(...times);
}

describe("P1, P3, O6: no regular expression of the program", () => {
  test("P1, P3, O6: goes without a verdict of recheck, and none stays undecided", () => {
    expect(patterns.length).toBeGreaterThan(300);
    const undecided = patterns.filter((pattern) => verdicts.get(patternKey(pattern))?.growth === "undecided");
    expect(undecided.map(patternKey)).toEqual([]);
  });

  test("P1, P3, O6: takes exponential time for any text", () => {
    const bad = patterns.filter((pattern) => verdicts.get(patternKey(pattern))?.growth === "exponential");
    expect(bad.map((pattern) => `${pattern.file}: ${patternKey(pattern)}`)).toEqual([]);
  });

  test("P1, P3, O6: is held up by the worst text that recheck finds for it, as long as a text can be", () => {
    let attacked = 0;
    const slow = patterns.flatMap((pattern) => {
      const { growth, attack } = verdicts.get(patternKey(pattern)) ?? {};
      // What is exponential is told above; its worst text would not end today.
      if (attack === undefined || growth === "exponential") return [];
      attacked += 1;
      const text = attackText(attack);
      expect(text.length).toBeLessThanOrEqual(longestText + 200);
      const took = timeOf(() => search(text, pattern));
      return took > patience ? [`${pattern.file}: ${patternKey(pattern)} takes ${Math.round(took)} ms`] : [];
    });
    expect(slow).toEqual([]);
    expect(attacked).toBeGreaterThan(0);
  });

  test("P1, P3, O6: is put together where the check does not see it", () => {
    const seen = new Set(compiled.map(({ file }) => file));
    // Puts a written one together anew, with another flag.
    seen.add("src/interpret/reference-problem.ts");
    expect(filesThatCompile().filter((file) => !seen.has(file))).toEqual([]);
    expect(compiled.length).toBeGreaterThan(10);
  });
});

describe("the check itself", () => {
  test.each([
    ["^(a+)+$", "exponential"],
    ["(?:a|a)*b", "exponential"],
    ["\\s*\\n\\s*", "polynomial"],
    ["^[a-z]{1,20}:[0-9]+$", "linear"],
  ])("finds that /%s/ is %s", async (source, growth) => {
    expect((await judgePattern(source, "", 10_000)).growth).toBe(growth);
  });

  test("measures with texts as long as they can be", () => {
    const text = attackText({
      pumps: [
        ["<", "ab"],
        [">", "c"],
      ],
      suffix: "!",
    });
    expect(text).toMatch(/^<(?:ab)+>c+!$/);
    expect(text.length).toBeGreaterThan(longestText - 3);
    expect(text.length).toBeLessThanOrEqual(longestText);
  });
});
