import { describe, expect, test } from "vitest";
import { flags, formats } from "../../src/cli/flags.ts";
import { helpText } from "../../src/cli/help.ts";
import { renderers } from "../../src/render/index.ts";

describe("the flags", () => {
  test("--output offers every format there is", () => {
    expect([...formats].sort()).toEqual(Object.keys(renderers).sort());
  });

  test("names and letters are each used once", () => {
    const names = flags.flatMap((flag) => [flag.name, flag.short ?? []].flat());
    expect(new Set(names).size).toBe(names.length);
  });

  test("help fits the terminal it is shown on", () => {
    for (const width of [40, 80, 100, 200]) {
      const limit = Math.min(100, width);
      const wide = helpText("kubectl imagedoctor", width)
        .split("\n")
        .filter((line) => line.length > limit);
      // A flag's own name and a command to copy are not broken; nothing else may stand out.
      expect(
        wide.filter((line) => line.trim().includes(" ") && !/^ {2}((-\w, | {4})--|kubectl imagedoctor )/.test(line)),
      ).toEqual([]);
    }
  });
});
