import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    include: ["test/**/*.test.ts"],
    // Most tests wait for servers and time limits rather than for a processor.
    maxWorkers: 4,
    // Two cores are the rule on CI machines; a hung server must fail its test, not the whole run.
    testTimeout: 20_000,
    hookTimeout: 30_000,
    reporters: ["default", "./scripts/plain-line-reporter.ts"],
  },
});
