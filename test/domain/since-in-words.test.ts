import { describe, expect, test } from "vitest";
import { durationInWords, sinceInWords } from "../../src/domain/since-in-words.ts";

const now = "2026-11-25T12:00:00Z";

describe("sinceInWords", () => {
  for (const [time, words] of [
    ["2026-11-25T11:59:30Z", "just now"],
    ["2026-11-25T11:58:59Z", "1 minute ago"],
    ["2026-11-25T10:01:00Z", "119 minutes ago"],
    ["2026-11-25T10:00:00Z", "2 hours ago"],
    ["2026-11-23T12:00:00Z", "2 days ago"],
    ["2026-11-10T12:00:00Z", "2 weeks ago"],
    ["2026-08-25T12:00:00Z", "3 months ago"],
    ["2020-11-25T12:00:00Z", "6 years ago"],
    ["2026-11-25T15:30:00Z", "in 3 hours"],
    ["2026-11-25T13:30:00+01:00", "in 30 minutes"],
  ] as const) {
    test(`${time}: ${words}`, () => {
      expect(sinceInWords(time, now)).toBe(words);
    });
  }

  test("what is no time has no words", () => {
    expect(sinceInWords("yesterday", now)).toBeUndefined();
    expect(sinceInWords(now, "")).toBeUndefined();
  });
});

describe("durationInWords", () => {
  test("keeps whole units and says nothing below a minute", () => {
    expect([3_600_000, 12 * 3_600_000, 86_400_000, 60_000, 59_999].map(durationInWords)).toEqual([
      "1 hour",
      "12 hours",
      "1 day",
      "1 minute",
      undefined,
    ]);
  });
});
