import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { findKeepers } from "../../../scripts/generate-fault-table.ts";
import { notApplicable } from "../not-applicable.ts";
import { faultRows } from "../rows.ts";
import { proofs, unproven } from "./index.ts";
import { editsOf, titlePattern } from "./proof.ts";

const keepers = await findKeepers();
const texts = new Map<string, string>();

function read(file: string): string {
  const text = texts.get(file) ?? readFileSync(file, "utf8");
  texts.set(file, text);
  return text;
}

describe("the proofs that a row's test can fail", () => {
  test("change what stands in its file exactly once", () => {
    const lost = proofs.flatMap((proof) =>
      editsOf(proof)
        .filter(({ file, replace }) => read(file).split(replace).length !== 2)
        .map(({ file, replace }) => `${proof.row}: ${file} has ${read(file).split(replace).length - 1} of ${replace}`),
    );
    expect(lost).toEqual([]);
  });

  test("name a test that keeps the row", () => {
    const strangers = proofs.filter(({ row, test: file, title }) => {
      const kept = keepers.get(row)?.filter((keeper) => keeper.file === file) ?? [];
      return title === "" || !kept.some((keeper) => keeper.title.includes(title));
    });
    expect(strangers.map(({ row, test: file, title }) => `${row}: ${file}: ${title}`)).toEqual([]);
  });

  test("are there for every row that can apply, or it is said why not", () => {
    const rows = faultRows.map(([id]) => id).filter((id) => !notApplicable.has(id));
    const proven = new Set(proofs.map(({ row }) => row));
    const argued = new Set(unproven.map(({ row }) => row));
    expect(rows.filter((row) => proven.has(row) === argued.has(row))).toEqual([]);
    expect([...proven, ...argued].filter((row) => !rows.includes(row))).toEqual([]);
  });

  test("find a title whatever is filled in", () => {
    const pattern = new RegExp(`^${titlePattern("%s is (%.40j) for $name")}$`);
    expect("a|b is (12) for x").toMatch(pattern);
    expect("a|b is 12 for x").not.toMatch(pattern);
  });
});
