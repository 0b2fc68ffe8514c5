import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { readInputs } from "../../src/cli/read-inputs.ts";
import type { World } from "../../src/cli/world.ts";

let directory: string;
beforeEach(async () => {
  directory = await mkdtemp(path.join(tmpdir(), "inputs-"));
});
afterEach(() => rm(directory, { recursive: true }));

const text = "kind: Pod\r\nmetadata: {name: wéb-✓}\r\n";
const wide = Buffer.from(`\ufeff${text}`, "utf16le");

function world(stdin: readonly Buffer[] = []): World {
  const stream = { write: () => true };
  return {
    stdout: stream,
    stderr: stream,
    stdin: (async function* all() {
      yield* stdin;
    })(),
    env: {},
    now: Date.now,
    calledAs: "kubectl-imagedoctor",
    cwd: directory,
    platform: "win32-x64",
    interrupt: new AbortController().signal,
  };
}

test.each([
  ["UTF-8", Buffer.from(text)],
  ["what PowerShell redirects to a file, UTF-16", wide],
  ["UTF-16 of the other order", Buffer.from(wide).swap16()],
])("%s is read by the mark that it begins with", async (_, bytes) => {
  await writeFile(path.join(directory, "saved.yaml"), bytes);
  expect(await readInputs(["saved.yaml"], world())).toEqual([{ name: "saved.yaml", text }]);
  // Wherever the chunks of stdin end.
  const stdin = world([bytes.subarray(0, 1), bytes.subarray(1, 22), bytes.subarray(22)]);
  expect(await readInputs(["-"], stdin)).toEqual([{ name: "-", text }]);
});
