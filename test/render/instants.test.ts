import { describe, expect, test } from "vitest";
import { age, utc } from "../../src/render/instants.ts";

describe("age", () => {
  test.each([
    ["2026-11-25T10:00:00Z", "now"],
    ["2026-11-25T10:00:05Z", "now"],
    ["2026-11-25T09:59:30Z", "30s ago"],
    ["2026-11-25T09:58:01Z", "119s ago"],
    ["2026-11-25T09:58:00Z", "2m ago"],
    ["2026-11-25T08:00:00Z", "2h ago"],
    ["2026-11-23T10:00:00Z", "2d ago"],
    ["2026-11-25T11:59:00+02:00", "60s ago"],
    ["yesterday", undefined],
  ])("%s is said as %s", (at, said) => {
    expect(age(at, "2026-11-25T10:00:00Z")).toBe(said);
  });

  test("a report without a good time has no ages", () => {
    expect(age("2026-11-25T10:00:00Z", "never")).toBeUndefined();
  });
});

describe("utc", () => {
  test("says any zone's time in UTC, to the second", () => {
    expect(utc("2026-11-25T11:59:00.123+02:00")).toBe("2026-11-25 09:59:00Z");
    expect(utc("a")).toBeUndefined();
  });
});
