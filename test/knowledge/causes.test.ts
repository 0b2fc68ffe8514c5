import { describe, expect, test } from "vitest";
import { causes } from "../../src/knowledge/causes/index.ts";
import { saidByTheNode } from "../../src/knowledge/evidence/said-by-the-node.ts";
import { caseFile } from "../support/case-file.ts";

describe.each(causes.map((cause) => [cause.code, cause] as const))("%s", (code, cause) => {
  const decide = cause.decide ?? ((file) => saidByTheNode(file, code));

  test.each(cause.examples.map((example) => [example.name, example] as const))("%s", (_name, example) => {
    expect(decide(caseFile(example.file))?.certainty).toBe(example.finds);
  });

  test("has an example that it takes and a near miss that it leaves", () => {
    const found = cause.examples.map(({ finds }) => finds !== undefined);
    expect(found).toContain(true);
    expect(found).toContain(false);
  });

  test("says nothing of a case in which nothing is known", () => {
    expect(decide(caseFile())).toBeUndefined();
  });

  test("offers remedies that name the case's own objects", () => {
    const remedies = cause.remedies(caseFile());
    expect(remedies.length).toBeGreaterThan(0);
    for (const { title, command } of remedies) {
      expect(title).not.toMatch(/undefined|\bNAME\b|\bNS\b/);
      expect(command ?? "").not.toMatch(/undefined|\[object|\bHOST\b|\bNODE\b|\bNS\b/);
    }
  });
});
