import { describe, expect, test } from "vitest";
import { clockSkew } from "../../src/probe/clock-skew.ts";

const now = Date.parse("2026-11-24T12:00:00Z");
const skew = (headers: Record<string, string>) => clockSkew(new Map(Object.entries(headers)), now);

describe("how far this clock is ahead of a server's", () => {
  test.each([
    ["the same", { date: "Tue, 24 Nov 2026 12:00:00 GMT" }, undefined],
    ["a minute, which a slow answer may take", { date: "Tue, 24 Nov 2026 11:59:00 GMT" }, undefined],
    ["more than a minute ahead", { date: "Tue, 24 Nov 2026 11:58:59 GMT" }, 61_000],
    ["more than a minute behind", { date: "Tue, 24 Nov 2026 12:01:01 GMT" }, -61_000],
    ["an answer that a cache kept for two hours", { date: "Tue, 24 Nov 2026 10:00:00 GMT", age: "7200" }, undefined],
    ["kept for an hour only", { date: "Tue, 24 Nov 2026 10:00:00 GMT", age: "3600" }, 3_600_000],
    ["no date", {}, undefined],
    ["two dates", { date: "Tue, 24 Nov 2026 10:00:00 GMT\nTue, 24 Nov 2026 11:00:00 GMT" }, undefined],
    ["another form", { date: "2026-11-24T10:00:00Z" }, undefined],
    ["no day of any month", { date: "Tue, 99 Nov 2026 10:00:00 GMT" }, undefined],
    ["an age that is none", { date: "Tue, 24 Nov 2026 10:00:00 GMT", age: "-1" }, undefined],
  ])("%s", (_what, headers, expected) => {
    expect(skew(headers as Record<string, string>)).toBe(expected);
  });
});
