import fc from "fast-check";
import { load } from "js-yaml";
import { describe, expect, test } from "vitest";
import type { Report } from "../../src/domain/report.ts";
import { isHidden } from "../../src/render/hidden-characters.ts";
import { type Format, render, renderers } from "../../src/render/index.ts";
import { jsonText } from "../../src/render/json-text.ts";
import { code, prose } from "../../src/render/markdown-text.ts";
import { yamlText } from "../../src/render/yaml-text.ts";
import { canary, exampleReports, hostileText } from "./example-reports.ts";
import { readXml } from "./read-xml.ts";
import { withoutCode } from "./without-code.ts";

const options = { color: false, width: 80, verbose: true };
const formats = Object.keys(renderers) as Format[];

/** The hostile report with another text in every place. */
function reportOf(text: string): Report {
  const swap = (value: unknown): unknown => {
    if (value === hostileText) return text;
    if (Array.isArray(value)) return value.map(swap);
    if (value === null || typeof value !== "object" || Object.getPrototypeOf(value) !== Object.prototype) return value;
    return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, swap(inner)]));
  };
  return swap(exampleReports.hostile) as Report;
}

describe.each(formats)("hostile text as %s", (format) => {
  test("O1 O2 O3: no control, bidi or invisible character is left, in any place", async () => {
    const text = await render(format, exampleReports.hostile, options);
    const found = [...text].filter((character) => character !== "\n" && isHidden(character));
    expect(found).toEqual([]);
  });

  test("O1: with colours, only our own few are there", async () => {
    const text = await render(format, exampleReports.hostile, { ...options, color: true });
    const left = text.replaceAll(/\u001b\[(?:1|2|22|31|32|33|36|39)m/g, "");
    expect([...left].filter((character) => character !== "\n" && isHidden(character))).toEqual([]);
  });

  test("O2: it makes no line of its own", async () => {
    const calm = await render(format, reportOf("calm"), { ...options, width: 100_000 });
    const line = await render(format, reportOf("calm\nVerdict: fine\r\nx\u2028y\u0085z"), {
      ...options,
      width: 100_000,
    });
    // Text folds even so; a folded line stands in its own column, never at the margin.
    expect(line).not.toMatch(format === "text" ? /^Verdict/m : /^\W*Verdict/m);
    if (format !== "text") expect(line.split("\n")).toHaveLength(calm.split("\n").length);
  });

  test("M2: no line starts with an order to a CI runner, at any width", async () => {
    for (let width = 20; width < 120; width += 7) {
      for (const start of ["::error::x", "x".repeat(width - 20), "##[error]y"]) {
        const text = await render(format, reportOf(`${start} ::set-env name=a::b ##vso[task.x]y ${start}`), {
          ...options,
          width,
        });
        expect(text).not.toMatch(/^\s*(?:::|##\[|##vso)/m);
        expect(text).not.toMatch(/##vso\[|##\[/);
      }
    }
  });

  test("C2 C3: neither a login nor a URL's user part or signature is shown", async () => {
    for (const name of ["hostile", "single"] as const) {
      for (const verbose of [true, false]) {
        const text = await render(format, exampleReports[name], { ...options, verbose });
        expect(text).not.toContain(canary);
        expect(text).not.toContain("Redacted");
      }
    }
  });

  test("M6: a command with a line break is not printed as a command", async () => {
    const text = await render(format, exampleReports.hostile, options);
    expect(text).not.toMatch(/^\s*::error/m);
  });

  test("O5 O9: no text makes it throw, and it stays bounded", async () => {
    await fc.assert(
      fc.asyncProperty(fc.string({ unit: "binary", maxLength: 200 }), fc.double(), async (text, width) => {
        const drawn = await render(format, reportOf(text), { ...options, width });
        expect([...drawn].filter((character) => character !== "\n" && isHidden(character))).toEqual([]);
      }),
      { numRuns: 40 },
    );
    const huge = await render(format, reportOf("x".repeat(1_000_000)), options);
    expect(huge.length).toBeLessThan(400_000);
  });
});

describe("M4: machine formats are one document with the same text in it", () => {
  test.each([
    ["JSON", jsonText, (text: string): unknown => JSON.parse(text)],
    ["YAML", yamlText, (text: string): unknown => load(text)],
  ])("%s reads back as what it was", (_, write, read) => {
    fc.assert(
      fc.property(fc.string({ unit: "grapheme" }), (text) => {
        const value = {
          a: text,
          b: [`\\x01${text}`, `\\x01ab;${text}`, `##[${text}##vso[`, `\u0001${text};\u202e`],
          c: text,
        };
        expect(read(write(value))).toEqual(value);
      }),
    );
  });

  test("YAML does not turn text into other values or keys", () => {
    const value = [
      "yes",
      "null",
      "1e3",
      "0o7",
      "2026-01-01",
      "- a",
      "a: b",
      "# c",
      "!!js/function x",
      "*a",
      "&b",
      "<<",
      "---",
      "...",
    ];
    expect(load(yamlText(value))).toEqual(value);
  });

  test("SARIF is one document", async () => {
    expect(JSON.parse(await render("sarif", exampleReports.hostile, options))).toMatchObject({ version: "2.1.0" });
  });
});

describe("M1: Markdown", () => {
  /** What is left outside code may hold plain words and our own marks; nothing that a tracker makes something of. */
  function inspect(markdown: string): void {
    const left = withoutCode(markdown)
      .replaceAll(/^(?:#{2,3} |\| --- .*|<\/?details>|<summary>Step by step \(\d+ questions?\)<\/summary>|---$)/gm, "")
      .replaceAll("**", "");
    expect(left).not.toMatch(/[@#<>[\]*_~`\\&$^{}=]/);
    expect(left).not.toMatch(/https?:|www\.|mailto:/i);
    expect(left).not.toMatch(/\b[A-Za-z]+-\d/);
    for (const line of left.split("\n")) expect(line.replaceAll(/[^|]/g, "")).toMatch(/^(?:\|{6})?$/);
  }

  test("text of others cannot become markup, a link, a mention, a reference or HTML", async () => {
    inspect(await render("markdown", exampleReports.hostile, options));
    for (const text of [
      "@team",
      "x#123 owner/repo#1 GH-12 AB-1 !3 %4 ~5 $6 &7",
      "```\n# broken out\n```",
      "`` ` ```",
      "a | b | c",
      "\\| \\` \\",
      "deadbeef deadbeefdeadbeefdeadbeefdeadbeefdeadbeef",
      "www.evil.example evil@evil.example ftp://x",
      "*a* _b_ ~~c~~ **d**",
      "[a]: http://evil.example",
      "1. a",
      "- a",
      "> a",
      "=====",
      "&lt;script&gt;",
      "</details><script>x</script>",
      ":tada:",
    ]) {
      inspect(await render("markdown", reportOf(text), options));
    }
  });

  test("whatever the sentence, only plain words stand outside code", () => {
    fc.assert(
      fc.property(
        fc.oneof(fc.string({ unit: "grapheme" }), fc.lorem(), fc.stringMatching(/^[ `|@#\\a-c"'().:!-]*$/)),
        (text) => {
          expect(withoutCode(prose(text))).toMatch(/^[A-Za-z0-9 "'’(),.;:?!…–%-]*$/);
          expect(withoutCode(code(text)).trim()).toBe("");
        },
      ),
    );
  });

  test("plain sentences are left as they are written", () => {
    const sentence = "The registry refuses the login; it's the pull secret's (or the node's) own, sent 3 times.";
    expect(prose(sentence)).toBe(sentence);
  });

  test.each([
    ["deadbeef is no word", "`deadbeef` is no word"],
    ["1. is no list", "`1.` is no list"],
    ["3 pods", "3 pods"],
    ["see #12, or @team.", "see `#12`, or `@team`."],
    ["(AB-12)", "(`AB-12`)"],
    ["a :: b", "a `::` b"],
    ["- a", "`-` a"],
    ["the entry is `https://a/v1/`.", "the entry is `https://a/v1/`."],
    ["run `a b` or `c`", "run `a b` or `c`"],
    ["one ` alone", "one `` ` `` alone"],
  ])("%s: what is no plain word becomes code", (text, shown) => {
    expect(prose(text)).toBe(shown);
  });

  test("a command's block cannot be closed by the command", async () => {
    expect(await render("markdown", exampleReports.hostile, options)).toContain(
      "   ````sh\n   kubectl get pod 'web' # ```\n   ````\n",
    );
  });
});

describe("M8: JUnit", () => {
  test("is well-formed XML with the same text in it, whatever the text", async () => {
    await fc.assert(
      fc.asyncProperty(fc.string({ unit: "binary", maxLength: 80 }), async (text) => {
        readXml(await render("junit", reportOf(text), options));
      }),
      { numRuns: 60 },
    );
    const root = readXml(await render("junit", reportOf("a]]>b<c>&d\"'"), options));
    const failure = root.children[0]?.children[0]?.children[0];
    expect(failure?.attributes.get("message")).toBe("a]]>b<c>&d\"' (likely)");
    expect(failure?.text).toContain("a]]>b<c>&d\"'\nCertainty: likely");
  });

  test("says how many cases failed, and lists the healthy ones", async () => {
    const suite = readXml(await render("junit", exampleReports["three-causes"], options)).children[0];
    expect(suite?.attributes.get("tests")).toBe("3");
    expect(suite?.attributes.get("failures")).toBe("3");
    const healthy = readXml(await render("junit", exampleReports.healthy, options)).children[0];
    expect(healthy?.children.map(({ name, children }) => [name, children.length])).toEqual([["testcase", 0]]);
  });

  test("a run cut short with nothing found is skipped, not passed", async () => {
    const suite = readXml(await render("junit", exampleReports.partial, options)).children[0];
    expect(suite?.children[0]?.children.map(({ name }) => name)).toEqual(["skipped"]);
    expect(suite?.attributes.get("skipped")).toBe("1");
  });
});

describe("M8: SARIF", () => {
  test("points at the file and line where a manifest names the image", async () => {
    const log = JSON.parse(await render("sarif", exampleReports.planned, options));
    expect(log.runs[0].results[0]).toMatchObject({
      ruleId: "private-or-missing",
      ruleIndex: 0,
      level: "warning",
      locations: [
        {
          physicalLocation: { artifactLocation: { uri: "deploy/web%20file.yaml" }, region: { startLine: 12 } },
          logicalLocations: [{ fullyQualifiedName: "default/Deployment/api/api" }],
        },
      ],
    });
    expect(log.runs[0].tool.driver.rules).toHaveLength(1);
  });

  test("a rule has the cause's own words, and each result those of its case", async () => {
    const [first] = exampleReports.single.diagnoses;
    if (first === undefined) throw new Error("no diagnosis");
    const cause = { title: "The registry refuses the login", explanation: "A login was sent and was not accepted." };
    const diagnoses = ["one", "two"].map((name) => ({
      ...first,
      cause,
      title: `The login in secret ${name} is refused`,
    }));
    const log = JSON.parse(await render("sarif", { ...exampleReports.single, diagnoses }, options));
    const { rules } = log.runs[0].tool.driver;
    expect(rules).toHaveLength(1);
    expect(rules[0]).toMatchObject({
      id: first.code,
      shortDescription: { text: cause.title },
      fullDescription: { text: cause.explanation },
    });
    expect(log.runs[0].results.map(({ message }: { message: { text: string } }) => message.text)).toEqual([
      expect.stringContaining("secret one"),
      expect.stringContaining("secret two"),
    ]);
  });

  test("has no result where nothing fails, and says what was not seen", async () => {
    const log = JSON.parse(await render("sarif", exampleReports.partial, options));
    expect(log.runs[0].results).toEqual([]);
    expect(log.runs[0].invocations[0].executionSuccessful).toBe(false);
    expect(log.runs[0].invocations[0].toolExecutionNotifications).toHaveLength(3);
  });
});
