import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { blocksRunBy } from "../support/executed-blocks.ts";
import { fuzzedParsers } from "./parsers.ts";

/** What long runs (`node scripts/fuzz.ts`) found, by parser. They stay. */
const found: Readonly<Record<string, readonly string[]>> = {
  "failure text": ["", "\ud800", `${"(".repeat(2_000)}${")".repeat(2_000)}`],
  challenge: ["", "Bearer ", 'Bearer realm="\\', `Basic ${"a=,".repeat(5_000)}`],
  "pull secret": [
    "",
    "\u0000",
    "[".repeat(50_000),
    '{"auths":{"":{"auth":""}}}',
    '{"auths":{"__proto__":{"auth":"YTpi"}}}',
  ],
  reference: ["", "@", "a@sha256:", ":", "/".repeat(5_000), "[::1]:5000/a", "\ud800/a"],
  manifest: ["", "\ufeff{}", '{"manifests":null,"layers":null}', "[".repeat(50_000), '{"manifests":[null,1,"x",[]]}'],
};

describe.each(Object.entries(fuzzedParsers))("P1, P5, K10, Y1, P10: the %s parser", (name, { pieces, check }) => {
  const text = fc
    .array(
      fc.oneof(
        { weight: 4, arbitrary: fc.constantFrom(...pieces) },
        { weight: 1, arbitrary: fc.string({ unit: "binary", maxLength: 6 }) },
      ),
      { maxLength: 40 },
    )
    .map((parts) => parts.join(""));

  test("never throws, and what it gives is of its type", () => {
    fc.assert(fc.property(text, check), { numRuns: 3_000 });
  });

  test.each(found[name] ?? [])("holds what was found once: %j", (input) => {
    expect(() => check(input)).not.toThrow();
  });

  test("does work in proportion to its input, whatever is repeated (counted in executed blocks)", async () => {
    for (const piece of pieces) {
      // What is worked out once, and kept, is no part of it.
      check(repeated(piece, 16_000));
      const small = await blocksRunBy(() => check(repeated(piece, 4_000)));
      const large = await blocksRunBy(() => check(repeated(piece, 16_000)));
      // Four times the input; what is quadratic would run sixteen times as many.
      expect(large, `${JSON.stringify(piece)}: ${small} blocks, then ${large}`).toBeLessThan(6 * small + 5_000);
    }
  }, 60_000);
});

/** Whole pieces: a cut one at the end may be another case. */
function repeated(piece: string, length: number): string {
  return piece.repeat(Math.ceil(length / piece.length));
}
