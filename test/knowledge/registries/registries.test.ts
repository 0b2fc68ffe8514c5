import { readdirSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { renderRegistriesIndex } from "../../../scripts/generate-registries.ts";
import { registries } from "../../../src/knowledge/registries/index.ts";
import { specification } from "../../../src/knowledge/registries/specification.ts";

describe("the dialects", () => {
  test("each stands in a file of its name, the specification is the last", () => {
    const files = new Set(readdirSync("src/knowledge/registries"));
    for (const { id } of registries) expect(files.has(`${id}.ts`), id).toBe(true);
    expect(new Set(registries.map(({ id }) => id)).size).toBe(registries.length);
    expect(registries.at(-1)).toBe(specification);
    expect(registries.length).toBe(26);
  });

  test("each can be recognised, by its host or by its answers", () => {
    for (const { id, hosts, signs } of registries) {
      if (id !== "specification" && id !== "cloudflare")
        expect(hosts.length + (signs?.length ?? 0), id).toBeGreaterThan(0);
    }
  });

  test("phrases that rules look for are in lower case, and every rule has a source", () => {
    for (const { id, meanings = [] } of registries) {
      for (const { says = [], source } of meanings) {
        for (const phrase of [says].flat()) expect(phrase, id).toBe(phrase.toLowerCase());
        expect(source.length, id).toBeGreaterThan(5);
      }
    }
  });

  test("no two claim one host", () => {
    const exact = registries.flatMap(({ hosts }) => hosts).filter((host) => !/[*#]/.test(host));
    expect(new Set(exact).size).toBe(exact.length);
  });
});

test("the index lists files by name, the specification last", () => {
  const text = renderRegistriesIndex([
    { file: "specification.ts", name: "specification" },
    { file: "ecr-public.ts", name: "ecrPublic" },
    { file: "ecr.ts", name: "ecr" },
  ]);
  expect(text).toContain("= [\n  ecr,\n  ecrPublic,\n  specification,\n];");
});
