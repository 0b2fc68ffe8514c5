import { describe, expect, test } from "vitest";
import { clusterSettings } from "../../src/cli/settings.ts";
import type { World } from "../../src/cli/world.ts";

const nothing = { words: [], on: new Set<string>(), values: new Map<string, readonly string[]>() };

async function* piped(): AsyncGenerator<string> {
  yield "apiVersion: v1";
}

function world(stdinIsTerminal: boolean, stderrIsTerminal: boolean): World {
  return {
    stdout: { write: () => {} },
    stderr: { write: () => {}, isTTY: stderrIsTerminal },
    stdin: Object.assign(piped(), { isTTY: stdinIsTerminal }),
    env: {},
    now: Date.now,
    calledAs: "kubectl-imagedoctor",
    cwd: "/",
    platform: "linux-x64",
    interrupt: new AbortController().signal,
  };
}

describe("a login plugin may ask the user something", () => {
  test.each([
    [true, true, true],
    // What is piped in is the program's (`-f -`), and no plugin may read it away.
    [false, true, false],
    [true, false, false],
  ])("stdin a terminal: %s, stderr a terminal: %s; it may: %s", (stdin, stderr, may) => {
    expect(clusterSettings(nothing, world(stdin, stderr), () => {}).interactive?.()).toBe(may);
  });
});
