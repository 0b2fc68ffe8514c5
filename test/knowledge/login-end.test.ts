import { expect, test } from "vitest";
import { isOver } from "../../src/knowledge/login-end.ts";

const end = Date.parse("2026-01-01T12:00:00Z");

test("a login is over once no clock may hold it for good any more", () => {
  expect(isOver(end, "2026-01-01T11:59:00Z")).toBe(false);
  expect(isOver(end, "2026-01-01T12:04:59Z")).toBe(false);
  expect(isOver(end, "2026-01-01T12:05:01Z")).toBe(true);
});

test("what is no time is never over", () => {
  expect(isOver(Number.NaN, "2026-01-01T12:05:01Z")).toBe(false);
  expect(isOver(end, "soon")).toBe(false);
});
