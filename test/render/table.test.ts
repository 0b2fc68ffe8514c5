import { describe, expect, test } from "vitest";
import { drawTable } from "../../src/render/table.ts";

const style = { head: (text: string) => text, faint: (text: string) => text, rule: "-" };
const columns = [
  { head: "Name", least: 4 },
  { head: "Text", least: 6 },
];

describe("drawTable", () => {
  test("is as narrow as its cells", () => {
    expect(drawTable(columns, [[{ text: "a" }, { text: "b" }]], 80, style)).toEqual([
      "Name  Text",
      "----  ----",
      "a     b",
    ]);
  });

  test("folds the widest column first", () => {
    expect(drawTable(columns, [[{ text: "a" }, { text: "one two three" }]], 14, style)).toEqual([
      "Name  Text",
      "----  --------",
      "a     one two",
      "      three",
    ]);
  });

  test("says so where even the least does not fit", () => {
    expect(drawTable(columns, [[{ text: "aaaaaa" }, { text: "one two three" }]], 11, style)).toBeUndefined();
  });

  test("O5: wide characters keep the columns in line", () => {
    const lines = drawTable(
      columns,
      [
        [{ text: "画像画像" }, { text: "b" }],
        [{ text: "a" }, { text: "c" }],
      ],
      80,
      style,
    );
    expect(lines?.slice(1)).toEqual(["--------  ----", "画像画像  b", "a         c"]);
  });

  test("thousands of rows are drawn", () => {
    const rows = Array.from({ length: 5000 }, (_, index) => [{ text: `pod-${index}` }, { text: "x" }]);
    expect(drawTable(columns, rows, 80, style)).toHaveLength(5002);
  });
});
