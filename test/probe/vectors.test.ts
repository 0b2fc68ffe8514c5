import { readdirSync, readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import challenges from "../vectors/challenges.json" with { type: "json" };
import platforms from "../vectors/platforms.json" with { type: "json" };

/** Kinds that nothing here answers to, and why. */
const notOurs: ReadonlyMap<string, string> = new Map([
  ["only_os_match", "containerd's matcher for content of any processor; no pull of the kubelet goes by it"],
  ["format", "how containerd prints a platform; reports write it their own way"],
  ["cpu_variant", "the node reads it from its own /proc/cpuinfo, which nobody sees from here"],
]);

/** Kinds that a test of this folder names. The host vectors see to themselves: node-config/vectors.test.ts. */
const named = new Set(
  readdirSync("test/probe", { recursive: true, encoding: "utf8" })
    .filter((name) => name.endsWith(".test.ts"))
    .flatMap((name) => [...readFileSync(`test/probe/${name}`, "utf8").matchAll(/"([a-z_]+)",?\s*\)/g)])
    .map(([, kind = ""]) => kind),
);

describe.each([
  ["challenges", challenges.cases],
  ["platforms", platforms.cases],
])("vectors of %s", (_file, cases) => {
  test("no kind is left out", () => {
    const kinds = [...new Set(cases.map(({ kind }: { kind: string }) => kind))];
    expect(kinds.filter((kind) => !named.has(kind) && !notOurs.has(kind))).toEqual([]);
  });
});
