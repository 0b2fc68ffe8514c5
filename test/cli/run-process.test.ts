import { expect, test } from "vitest";
import { runProcess } from "../support/run-cli.ts";

/** The program with a standard output that fails as the system says. */
function withOutput(code: string) {
  const fail = `process.stdout.write = () => {
    process.nextTick(() => process.stdout.emit("error", Object.assign(new Error("write"), { code: "${code}" })));
    return true;
  };`;
  const preload = `data:text/javascript,${encodeURIComponent(fail)}`;
  return runProcess(["version"], { command: [process.execPath, "--import", preload, "src/cli/entry.ts"] });
}

test.each(["EPIPE", "EOF"])("a reader that is gone (%s) is no fault", async (code) => {
  expect(await withOutput(code)).toEqual({ code: 0, stdout: "", stderr: "" });
});

test("any other failure of the output is told", async () => {
  const stderr = "error: the report could not be written (ENOSPC)\n";
  expect(await withOutput("ENOSPC")).toEqual({ code: 4, stdout: "", stderr });
});
