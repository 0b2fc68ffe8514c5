import { describe, expect, test } from "vitest";
import { pageWidth, styleFor } from "../../src/render/style.ts";

describe("pageWidth", () => {
  test.each([
    [100, 100],
    [0, 80],
    [-1, 80],
    [Number.NaN, 80],
    [5, 20],
    [79.9, 79],
    [1e6, 120],
    [Number.POSITIVE_INFINITY, 120],
  ])("O7: %d columns are drawn as %d", (width, drawn) => {
    expect(pageWidth(width, 120)).toBe(drawn);
  });
});

describe("styleFor", () => {
  test("paints only where colour is asked for, and never nothing", () => {
    const options = { width: 80, verbose: false };
    expect(styleFor({ ...options, color: true }).strong("a")).toBe("\u001b[1ma\u001b[22m");
    expect(styleFor({ ...options, color: true }).strong("")).toBe("");
    expect(styleFor({ ...options, color: false }).strong("a")).toBe("a");
  });
});
