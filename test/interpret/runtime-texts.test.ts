import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { recogniseText } from "../../src/interpret/recognise-failure.ts";

/**
 * What containerd, dockerd and podman said when each pulled from registries on the loopback with one fault staged: the
 * runtimes of Debian 12, 13 and unstable of 2026-11, containerd asked over CRI, dockerd over its API; podman's words are
 * those of CRI-O, which has its libraries. The Event's own beginning is put in front. One text of each form is kept.
 */
interface Recording {
  readonly runtime: string;
  /** The staged fault, by the causes that are right to name. */
  readonly staged: readonly string[];
  /** False where the runtime's words leave out what was staged: nobody can tell it from them. */
  readonly told?: false;
  readonly text: string;
}

const recordings = readFileSync(new URL("./runtime-texts.jsonl", import.meta.url), "utf8")
  .trimEnd()
  .split("\n")
  .map((line) => JSON.parse(line) as Recording);

function isAmong({ staged, text }: Recording): boolean {
  const { code, alternatives } = recogniseText(text, "Failed");
  return staged.some((cause) => cause === code || alternatives.includes(cause));
}

describe("texts that real runtimes wrote of staged faults", () => {
  test.each(recordings.filter(({ told }) => told !== false))("$runtime, $staged: $text", (recording) => {
    expect(isAmong(recording)).toBe(true);
  });

  test("the first guess is the staged fault, but for one in ten", () => {
    const named = recordings.filter(({ staged, text }) => staged.includes(recogniseText(text, "Failed").code));
    expect(named.length / recordings.length).toBeGreaterThan(0.9);
  });

  test("is never sure of another cause", () => {
    const sure = recordings
      .map((recording) => ({ ...recording, ...recogniseText(recording.text, "Failed") }))
      .filter(({ certainty, code, staged }) => certainty === "certain" && !staged.includes(code));
    expect(sure).toEqual([]);
  });

  test("what is untold stays untold", () => {
    const untold = recordings.filter(({ told }) => told === false);
    expect(untold.length).toBeGreaterThan(0);
    expect(untold.filter(isAmong)).toEqual([]);
  });
});
