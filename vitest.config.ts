import { globSync, readFileSync } from "node:fs";
import { configDefaults, defineConfig } from "vitest/config";

/**
 * Tests that run shell scripts or send signals, which Windows has not. A file that skips some of its tests there knows itself what
 * is left: of the packaged executable most must run there, too.
 */
const needPosix = globSync("test/**/*.test.ts")
  .filter((file) => {
    const text = readFileSync(file, "utf8");
    return (
      /\/bin\/sh|\("sh", |\/usr\/bin\/env|\.kill\("SIG/.test(text) &&
      !text.includes('test.skipIf(process.platform === "win32")(')
    );
  })
  // vitest takes patterns, in which a backslash is no separator.
  .map((file) => file.replaceAll("\\", "/"));

export default defineConfig({
  test: {
    include: ["test/**/*.test.ts"],
    exclude: [...configDefaults.exclude, ...(process.platform === "win32" ? needPosix : [])],
    // Most tests wait for servers and time limits rather than for a processor. macOS has one loopback address, whose ports they share.
    maxWorkers: process.platform === "darwin" ? 1 : 4,
    // Two cores are the rule on CI machines; a hung server must fail its test, not the whole run.
    testTimeout: 20_000,
    hookTimeout: 30_000,
    reporters: ["default", "./scripts/plain-line-reporter.ts"],
  },
});
