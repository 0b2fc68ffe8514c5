import { describe, expect, test } from "vitest";
import { keepFile, keptFile, runStory, storyNames } from "./support/story.ts";

/** Write the reports instead of comparing them, and then read what `git diff` shows: `UPDATE_STORIES=1 npx vitest run test/stories.test.ts`. */
const update = process.env["UPDATE_STORIES"] === "1";

/** Pods that did start. */
const healthy = /^(ok-|two-secrets$|arm-only$|windows-only$|token-public$)/;

/** Windows has no port that swallows everything: it refuses what a queue has no room for (Winsock's listen). */
const told = storyNames().filter((name) => process.platform !== "win32" || name !== "blackhole");

describe("stories", () => {
  test.each(told)("%s", async (name) => {
    const run = await runStory(name);
    if (update) for (const [file, text] of run.files) keepFile(name, file, text);
    expect(run.stderr).toBe("");
    expect(run.verdict.given).toBe(run.verdict.wanted);
    expect(run.code).toBe(run.verdict.wanted === "nothing" ? 0 : 1);
    if (healthy.test(name)) expect(run.code).toBe(0);
    for (const [file, text] of run.files) expect(text, `${name}/${file}`).toBe(keptFile(name, file));
  });
});
