import { readFileSync } from "node:fs";
import { Ajv2020 } from "ajv/dist/2020.js";
import { load } from "js-yaml";
import { describe, expect, test } from "vitest";
import { render } from "../../src/render/index.ts";
import { exampleNames, exampleReports, loginRefused } from "./example-reports.ts";

type Json = null | boolean | number | string | Json[] | { [key: string]: Json };

const schema: Json = JSON.parse(readFileSync(new URL("../../src/render/report.schema.json", import.meta.url), "utf8"));

/** The schema with no room for fields that it does not name: readers get the open one, the program must keep to the closed one. */
function closed(value: Json): Json {
  if (Array.isArray(value)) return value.map(closed);
  if (value === null || typeof value !== "object") return value;
  const inner = Object.fromEntries(Object.entries(value).map(([key, part]) => [key, closed(part)]));
  return value["type"] === "object" ? { ...inner, additionalProperties: false } : inner;
}

function compile(from: Json) {
  return new Ajv2020({ allErrors: true, strict: true }).compile(from as Record<string, Json>);
}

const validate = compile(closed(schema));
const open = compile(schema);

async function document(name: keyof typeof exampleReports, verbose = true): Promise<Json> {
  return JSON.parse(await render("json", exampleReports[name], { color: false, width: 80, verbose }));
}

function object(value: Json | undefined): { [key: string]: Json } {
  if (value === undefined || value === null || typeof value !== "object" || Array.isArray(value))
    throw new Error("no object");
  return value;
}

/** Every object of a document with its path. */
function* objects(value: Json, path = "$"): Generator<[path: string, object: { [key: string]: Json }]> {
  if (Array.isArray(value)) {
    for (const item of value) yield* objects(item, `${path}[]`);
  } else if (value !== null && typeof value === "object") {
    yield [path, value];
    for (const [key, item] of Object.entries(value)) yield* objects(item, `${path}.${key}`);
  }
}

describe("the JSON contract", () => {
  test.each(exampleNames)("the %s report keeps to the schema, with no field that it does not name", async (name) => {
    for (const verbose of [true, false]) {
      const valid = validate(await document(name, verbose));
      expect(validate.errors ?? []).toEqual([]);
      expect(valid).toBe(true);
    }
  });

  test.each(exampleNames)("the %s report is the same document in YAML", async (name) => {
    const yaml = await render("yaml", exampleReports[name], { color: false, width: 80, verbose: true });
    expect(load(yaml)).toEqual(await document(name));
  });

  test("a required field that is missing or renamed breaks it, at every place", async () => {
    const places = new Set<string>();
    for (const name of exampleNames) {
      const report = await document(name);
      for (const [path, found] of objects(report)) {
        for (const key of Object.keys(found)) {
          const value = found[key];
          if (value === undefined) continue;
          delete found[key];
          found[`${key}_`] = value;
          expect(validate(report), `${path}.${key} renamed`).toBe(false);
          delete found[`${key}_`];
          found[key] = value;
          places.add(`${path}.${key}`);
        }
      }
    }
    for (const field of [
      "code",
      "certainty",
      "title",
      "explanation",
      "retryable",
      "image",
      "containers",
      "evidence",
      "attempts",
      "remedies",
      "alternatives",
    ]) {
      expect(places).toContain(`$.diagnoses[].${field}`);
    }
  });

  test("every field that the schema names is in one example at least, so none of them can be lost unseen", async () => {
    const seen = new Map<string, Set<string>>();
    for (const name of exampleNames) {
      for (const [path, found] of objects(await document(name))) {
        const last = path.split(".").at(-1) ?? "";
        const keys = seen.get(last) ?? new Set();
        for (const key of Object.keys(found)) keys.add(key);
        seen.set(last, keys);
      }
    }
    const definitions = object(object(schema)["$defs"]);
    const places: Record<string, string> = {
      target: "target",
      diagnosis: "diagnoses[]",
      container: "containers[]",
      evidence: "evidence[]",
      attempt: "attempts[]",
      remedy: "remedies[]",
      gap: "gaps[]",
      ladder: "ladders[]",
      step: "steps[]",
    };
    expect(Object.keys(places).sort()).toEqual(Object.keys(definitions).sort());
    for (const [definition, place] of Object.entries(places)) {
      const named = Object.keys(object(object(definitions[definition])["properties"]));
      const missing = named.filter((key) => seen.get(place)?.has(key) !== true);
      expect(missing, definition).toEqual([]);
    }
  });

  test("a reader's schema lets later fields pass", async () => {
    expect(open({ ...object(await document("single")), later: true })).toBe(true);
  });

  test("fields come in the order of the contract", async () => {
    const report = object(await document("single", false));
    expect(Object.keys(report)).toEqual([
      "schemaVersion",
      "target",
      "diagnoses",
      "gaps",
      "at",
      "version",
      "command",
      "probed",
    ]);
    const [diagnosis] = report["diagnoses"] as Json[];
    expect(Object.keys(object(diagnosis))).toEqual([
      "code",
      "certainty",
      "title",
      "explanation",
      "retryable",
      "image",
      "containers",
      "evidence",
      "attempts",
      "remedies",
      "alternatives",
    ]);
  });

  test("O9: long text is cut at 4 kB, commands are not", async () => {
    const report = exampleReports.single;
    const command = `echo ${"c".repeat(5000)}`;
    const long = {
      ...report,
      diagnoses: [{ ...loginRefused, explanation: "x".repeat(9000), remedies: [{ title: "t", command }] }],
    };
    const text = await render("json", long, { color: false, width: 80, verbose: false });
    expect(text).toContain(`${"x".repeat(4096)}… (4904 more characters)`);
    expect(text).toContain(command);
  });
});
