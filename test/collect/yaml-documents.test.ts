import { describe, expect, test } from "vitest";
import { readDocuments, readPlacedDocuments } from "../../src/collect/yaml-documents.ts";
import { cpuTime } from "../support/cpu-time.ts";

const pod = "{kind: Pod, metadata: {name: x}, spec: {containers: [{name: a, image: nginx}]}}";

/** A list whose items are each ten times the one before: `levels` lines, and ten to the power of them when written out. */
function laughs(levels: number): string {
  const lines = [`- &a0 ${pod}`];
  for (let level = 1; level <= levels; level += 1)
    lines.push(`- &a${level} [${Array.from({ length: 10 }, () => `*a${level - 1}`).join(", ")}]`);
  return `${lines.join("\n")}\n`;
}

describe.each([
  ["documents", async (text: string) => readDocuments(text)],
  ["documents with their places", async (text: string) => (await readPlacedDocuments(text)).documents],
])("%s", (_what, read) => {
  test("P5: aliases that make gigabytes of a few lines are refused before anybody walks them", async () => {
    for (const text of [laughs(8), laughs(40), `x: &a [1, *a]\n`, `---\nfine: 1\n---\nx: &a {b: *a}\n`]) {
      const from = cpuTime();
      await expect(read(text)).rejects.toThrow("blown up by its YAML aliases");
      expect(cpuTime() - from).toBeLessThan(2_000);
    }
  });

  test("P5: documents nested without end are refused, without a stack", async () => {
    await expect(read(`x: ${"[".repeat(20_000)}`)).rejects.toThrow(/^not valid YAML or JSON/);
    await expect(read("[".repeat(50_000))).rejects.toThrow(/^not valid YAML or JSON/);
  });

  test("aliases as people use them are read, and so is what is large by itself", async () => {
    const [shared] = await read("a: &limits {cpu: 1, memory: 2}\nb: *limits\nc: [*limits, *limits]\n");
    expect(shared).toMatchObject({ b: { cpu: 1 }, c: [{ memory: 2 }, { memory: 2 }] });
    expect(await read(laughs(2))).toHaveLength(1);
    const large = `note: "R&D *"\nitems:\n${`- ${pod}\n`.repeat(20_000)}`;
    expect(await read(large)).toHaveLength(1);
  });
});
