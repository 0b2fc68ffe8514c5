import { describe, expect, test } from "vitest";
import { nextLink } from "../../src/probe/link-header.ts";
import { parseChallenges } from "../../src/probe/parse-challenge.ts";
import { plainText } from "../../src/render/plain-text.ts";
import { blocksRunBy } from "../support/executed-blocks.ts";

/** What is four times as long may cost four times as much; what is quadratic would cost sixteen times as much. */
async function expectProportion(read: (text: string) => unknown, piece: string, length: number): Promise<void> {
  const [short, long] = [length / 4, length].map((size) => piece.repeat(Math.floor(size / piece.length)));
  const small = await blocksRunBy(() => read(short ?? ""));
  const large = await blocksRunBy(() => read(long ?? ""));
  expect(small).toBeGreaterThan(0);
  expect(large, `${small} blocks, then ${large}`).toBeLessThan(5 * small + 500);
}

describe("work in proportion to hostile text", () => {
  test.each([
    ...[",", '"', "\\", "=", " ", "\t", 'a="', "a=b,", 'a="b",', 'a="\\', "a=\\"],
    ...["Bearer ", "Bearer,", 'realm="" ,', "=,", '",', "(", "\u0000", "é", "a"],
  ])("P1: a challenge of 16 kB of %j", (piece) =>
    expectProportion((text) => parseChallenges([`Bearer ${text}`]), piece, 16_000),
  );

  test.each(["<", "<>", "<>;", '<>;"', ",", "<a>;rel=", '"', '<>;"",'])("P3: a Link header of 8 kB of %j", (piece) =>
    expectProportion(nextLink, piece, 8_000),
  );

  test.each(["\u001b[;", "https://", "https://a?b", "https://a?b&", "e\u0301", "##[", " \n"])(
    "O6: 4 kB of %j made plain",
    (piece) => expectProportion((text) => plainText(text, { limit: 1_000_000 }), piece, 4_000),
  );
});
