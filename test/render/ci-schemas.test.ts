import { readFileSync } from "node:fs";
import { Ajv2020 } from "ajv/dist/2020.js";
import { describe, expect, test } from "vitest";
import { type RenderOptions, render } from "../../src/render/index.ts";
import { exampleNames, exampleReports } from "./example-reports.ts";
import { type Element, readXml } from "./read-xml.ts";

const options: RenderOptions = { color: false, width: 80, verbose: true };

describe("SARIF", () => {
  const validate = new Ajv2020({
    allErrors: true,
    strict: true,
    formats: {
      uri: (text: string) => URL.canParse(text),
      "uri-reference": (text: string) =>
        /^[\w./?:#[\]@!$&'()*+,;=~%-]*$/.test(text) && URL.canParse(text, "https://base.invalid"),
      // Section 3.9: in UTC, with a capital T and Z.
      "date-time": /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z$/,
    },
  }).compile(JSON.parse(readFileSync(new URL("sarif-2.1.0.schema.json", import.meta.url), "utf8")));

  test.each(exampleNames)("the %s report keeps to the schema of OASIS", async (name) => {
    validate(JSON.parse(await render("sarif", exampleReports[name], options)));
    expect(validate.errors ?? []).toEqual([]);
  });

  test.each(exampleNames)(
    "the %s report points each result at its rule, and no two rules have one name",
    async (name) => {
      const { runs } = JSON.parse(await render("sarif", exampleReports[name], options));
      const ids = runs[0].tool.driver.rules.map(({ id }: { id: string }) => id);
      expect(new Set(ids).size).toBe(ids.length);
      for (const { ruleId, ruleIndex } of runs[0].results)
        if (ruleId !== undefined) expect(ids[ruleIndex]).toBe(ruleId);
    },
  );

  test("the schema is closed: a field of another name, a line 0 and a level of our own are refused", () => {
    const log = (result: object) => ({
      version: "2.1.0",
      runs: [{ tool: { driver: { name: "x" } }, results: [result] }],
    });
    const message = { text: "t" };
    const at = (line: number) => [
      { physicalLocation: { artifactLocation: { uri: "a%20b.yaml" }, region: { startLine: line } } },
    ];
    expect(validate(log({ message, level: "error", locations: at(1) }))).toBe(true);
    expect(validate(log({ message, locations: at(0) }))).toBe(false);
    expect(validate(log({ message, level: "certain" }))).toBe(false);
    expect(validate(log({ message, certainty: "certain" }))).toBe(false);
    expect(validate(log({}))).toBe(false);
  });
});

/**
 * Names and types as Jenkins' own schema has them (jenkinsci/xunit-plugin
 * src/main/resources/org/jenkinsci/plugins/xunit/types/model/xsd/junit-10.xsd); GitLab, GitHub's and Azure's readers take no more.
 */
const junit: Readonly<
  Record<string, { children: readonly string[]; required: readonly string[]; optional: readonly string[] }>
> = {
  testsuites: {
    children: ["testsuite"],
    required: [],
    optional: ["name", "time", "tests", "failures", "disabled", "errors"],
  },
  testsuite: {
    children: ["testsuite", "properties", "testcase", "system-out", "system-err"],
    required: ["name", "tests"],
    optional: [
      "failures",
      "errors",
      "time",
      "disabled",
      "skipped",
      "timestamp",
      "hostname",
      "id",
      "package",
      "file",
      "log",
      "url",
      "version",
    ],
  },
  testcase: {
    children: [
      "skipped",
      "error",
      "failure",
      "rerunFailure",
      "rerunError",
      "flakyFailure",
      "flakyError",
      "properties",
      "system-out",
      "system-err",
    ],
    required: ["name", "classname"],
    optional: ["assertions", "time", "timestamp", "status", "class", "file", "line", "log", "group", "url"],
  },
  failure: { children: [], required: [], optional: ["type", "message"] },
  skipped: { children: [], required: [], optional: ["type", "message"] },
  properties: { children: ["property"], required: [], optional: [] },
  property: { children: [], required: ["name", "value"], optional: [] },
  "system-out": { children: [], required: [], optional: [] },
};
const numbers = new Set(["tests", "failures", "errors", "skipped", "disabled", "line"]);

function faults(element: Element, parent = "document"): string[] {
  const rule = junit[element.name];
  const place = `${parent}/${element.name}`;
  if (rule === undefined) return [`${place} is no element of JUnit's`];
  const given = [...element.attributes.keys()];
  return [
    ...rule.required.filter((name) => !given.includes(name)).map((name) => `${place} has no ${name}`),
    ...given
      .filter((name) => !rule.required.includes(name) && !rule.optional.includes(name))
      .map((name) => `${place} has a ${name}`),
    ...[...element.attributes]
      .filter(([name, value]) => numbers.has(name) && !/^\d+$/.test(value))
      .map(([name]) => `${place}: ${name} is no number`),
    ...element.children
      .filter(({ name }) => !rule.children.includes(name))
      .map(({ name }) => `${place} holds a ${name}`),
    // Text beside elements is nowhere in the schema.
    ...(element.children.length > 0 && element.text.trim() !== "" ? [`${place} holds text`] : []),
    ...element.children.flatMap((child) => faults(child, place)),
  ];
}

describe("JUnit", () => {
  const all = (element: Element, name: string): Element[] => [
    ...(element.name === name ? [element] : []),
    ...element.children.flatMap((child) => all(child, name)),
  ];

  test.each(exampleNames)("the %s report keeps to Jenkins' schema, and its counts are right", async (name) => {
    const root = readXml(await render("junit", exampleReports[name], options));
    expect(root.name).toBe("testsuites");
    expect(faults(root)).toEqual([]);
    for (const suite of [root, ...all(root, "testsuite")]) {
      for (const [attribute, element] of [
        ["tests", "testcase"],
        ["failures", "failure"],
        ["skipped", "skipped"],
      ] as const) {
        const written = suite.attributes.get(attribute);
        if (written !== undefined) expect(Number(written)).toBe(all(suite, element).length);
      }
      expect(Number(suite.attributes.get("tests"))).toBeGreaterThan(0);
      const { timestamp } = Object.fromEntries(suite.attributes);
      if (timestamp !== undefined)
        expect(timestamp).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)?$/);
    }
  });

  test("what the schema does not know is found", () => {
    const document =
      '<?xml version="1.0" encoding="UTF-8"?>\n<testsuites><testsuite name="a" tests="x"><testcase/></testsuite></testsuites>\n';
    expect(faults(readXml(document))).toEqual([
      "document/testsuites/testsuite: tests is no number",
      "document/testsuites/testsuite/testcase has no name",
      "document/testsuites/testsuite/testcase has no classname",
    ]);
  });
});
