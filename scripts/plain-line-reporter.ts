import type { Reporter, TestModule } from "vitest/node";

/** Ends a run with "N passed, N failed" alone on a line, so that a person or a machine can read the result without colour or boxes. */
export default class PlainLineReporter implements Reporter {
  onTestRunEnd(modules: readonly TestModule[], unhandledErrors: readonly unknown[]): void {
    let passed = 0;
    let failed = unhandledErrors.length;
    for (const module of modules) {
      const before = failed;
      for (const test of module.children.allTests()) {
        const { state } = test.result();
        if (state === "passed") passed += 1;
        else if (state === "failed") failed += 1;
      }
      // A file that could not be loaded has no tests; it must not read as success.
      if (module.state() === "failed" && failed === before) failed += 1;
    }
    console.log(`${passed} passed, ${failed} failed`);
  }
}
