import { readdirSync } from "node:fs";
import { cruise, type ICruiseResult } from "dependency-cruiser";
import { describe, expect, test } from "vitest";
import { importRules } from "./support/import-rules.ts";

describe("imports go one way", () => {
  test("no rule of test/support/import-rules.ts is broken, and every module was seen", async () => {
    const { output } = await cruise(
      ["src"],
      {
        ruleSet: { forbidden: importRules },
        validate: true,
        doNotFollow: "node_modules",
        tsPreCompilationDeps: true,
      },
      {},
    );
    const result = output as ICruiseResult;
    const violations = result.summary.violations.map((each) => `${each.rule.name}: ${each.from} → ${each.to}`);
    expect(violations).toEqual([]);

    // A cruiser that cannot read TypeScript sees nothing and reports success.
    const ours = result.modules.filter((module) => module.source.startsWith("src/"));
    const onDisk = readdirSync("src", { recursive: true, encoding: "utf8" }).filter((name) => name.endsWith(".ts"));
    expect(ours.length).toBe(onDisk.length);
    expect(ours.flatMap((module) => module.dependencies).length).toBeGreaterThan(ours.length);
  });
});
