import { describe, expect, test } from "vitest";
import type { Report } from "../../src/domain/report.ts";
import { type Format, type RenderOptions, render } from "../../src/render/index.ts";
import { exampleNames, exampleReports } from "./example-reports.ts";

const plain: RenderOptions = { color: false, width: 80, verbose: false };

const extensions: Readonly<Record<Exclude<Format, "text" | "wide">, string>> = {
  json: "json",
  yaml: "yaml",
  markdown: "md",
  junit: "xml",
  sarif: "sarif",
};

function golden(file: string): string {
  return `../golden/render/${file}`;
}

/** Reports as people and programs see them. After a change: `npx vitest run test/render -u`, and read the difference. */
describe.each(exampleNames)("the %s report", (name) => {
  describe.each(["text", "wide"] as const)("as %s", (format) => {
    test.each([40, 80, 120])("on a page of %d columns", async (width) => {
      const text = await render(format, exampleReports[name], { ...plain, width });
      await expect(text).toMatchFileSnapshot(golden(`${name}.${format}-${width}.txt`));
    });
  });

  test.each(Object.entries(extensions))("as %s", async (format, extension) => {
    const text = await render(format as Format, exampleReports[name], { ...plain, verbose: true });
    await expect(text).toMatchFileSnapshot(golden(`${name}.${extension}`));
  });
});

describe.each(["text", "wide"] as const)("%s in colour", (format) => {
  test.each([40, 80, 120])("on a page of %d columns", async (width) => {
    const name = format === "text" ? "single" : "three-causes";
    const text = await render(format, exampleReports[name], { ...plain, width, color: true });
    await expect(text).toMatchFileSnapshot(golden(`${name}.${format}-${width}-color.ansi`));
  });

  test("is the same text, and every line ends its own colours, as `less -R` shows it from any line on", async () => {
    for (const name of exampleNames) {
      for (const width of [40, 80, 120]) {
        const coloured = await render(format, exampleReports[name], { ...plain, width, color: true });
        const uncoloured = await render(format, exampleReports[name], { ...plain, width });
        expect(coloured.replaceAll(/\u001b\[\d+m/g, ""), `${name} at ${width}`).toBe(uncoloured);
        for (const line of coloured.split("\n")) {
          const codes = [...line.matchAll(/\u001b\[(\d+)m/g)].map(([, code]) => Number(code));
          const open = codes.filter((code) => code > 0 && code !== 22 && code !== 39).length;
          const closed = codes.filter((code) => code === 0 || code === 22 || code === 39).length;
          expect(closed, line).toBe(open);
          expect([0, 22, 39, undefined], line).toContain(codes.at(-1));
        }
      }
    }
  });
});

test.each(Object.keys(extensions))("%s is the same on every page, with colour or without", async (format) => {
  for (const name of exampleNames) {
    const first = await render(format as Format, exampleReports[name], plain);
    for (const width of [40, 80, 120, Number.POSITIVE_INFINITY]) {
      for (const color of [true, false]) {
        expect(await render(format as Format, exampleReports[name], { ...plain, width, color })).toBe(first);
      }
    }
  }
});

describe("text with everything on", () => {
  test.each([
    ["with the ladder", "single.text-80-verbose.txt", { ...plain, verbose: true }],
    ["in ASCII", "three-causes.text-80-ascii.txt", { ...plain, unicode: false }],
  ])("%s", async (_, file, options) => {
    const report = file.startsWith("single") ? exampleReports.single : exampleReports["three-causes"];
    await expect(await render("text", report, options)).toMatchFileSnapshot(golden(file));
  });
});

describe("the page", () => {
  test.each(["text", "wide"] as const)(
    "as %s is no wider than asked, but for what is copied as a whole",
    async (format) => {
      for (const name of exampleNames) {
        if (name === "hostile") continue;
        const report: Report = exampleReports[name];
        const whole = [
          ...report.gaps.map((gap) => gap.remedy),
          ...report.diagnoses.flatMap(({ image, remedies }) => [
            image,
            ...remedies.flatMap(({ command }) => command ?? []),
          ]),
        ];
        for (const width of [40, 60, 80, 100, 120]) {
          const lines = (await render(format, report, { ...plain, width })).split("\n");
          const long = lines.filter((line) => line.length > width && !whole.includes(line.trim()));
          expect(long, `${name} at ${width}`).toEqual([]);
        }
      }
    },
  );

  test("as wide, many pods whose image does not fit beside them take one line each, under the verdict said once", async () => {
    const [diagnosis] = exampleReports["forty-pods"].diagnoses;
    if (diagnosis === undefined) throw new Error("no diagnosis");
    const image = `registry.example.com/${"team/".repeat(12)}web:1.4`;
    const report: Report = { ...exampleReports["forty-pods"], diagnoses: [{ ...diagnosis, image }] };
    const lines = (await render("wide", report, { ...plain, width: 120 })).split("\n");
    expect(lines.filter((line) => line.includes("web-6f9c7d8b5-"))).toHaveLength(40);
    expect(lines.length).toBeLessThan(40 + 8);
    expect(lines).toContain(`  ${image}`);
  });

  test("every command of a remedy stands whole on a line of its own, with nothing but spaces before it", async () => {
    const lines = (await render("text", exampleReports.single, { ...plain, width: 40 })).split("\n");
    for (const { command } of exampleReports.single.diagnoses[0]?.remedies ?? []) {
      expect(lines.filter((line) => line.trim() === command)).toHaveLength(1);
    }
  });

  test.each([[0], [1], [5], [-3], [Number.NaN], [1_000_000], [Number.POSITIVE_INFINITY]])(
    "O7: comes out whole at a width of %d",
    async (width) => {
      for (const format of ["text", "wide"] as const) {
        const text = await render(format, exampleReports["three-causes"], { ...plain, width });
        for (const pod of ["web-6f9c7d8b5-x2x7p", "ledger-1", "front-7d9f"]) {
          expect(text.replaceAll(/\s/g, "")).toContain(pod);
        }
      }
    },
  );

  test("ends with one line feed and has no trailing spaces, in every format", async () => {
    for (const name of exampleNames) {
      for (const format of ["text", "wide", "json", "yaml", "markdown", "junit", "sarif"] as const) {
        const text = await render(format, exampleReports[name], { ...plain, verbose: true });
        expect(text.endsWith("\n") && !text.endsWith("\n\n"), `${name} ${format}`).toBe(true);
        if (format !== "junit") expect(text, `${name} ${format}`).not.toMatch(/[ \t]$/m);
      }
    }
  });

  test("a console of ASCII gets ASCII only", async () => {
    for (const name of exampleNames) {
      for (const format of ["text", "wide"] as const) {
        const text = await render(format, exampleReports[name], { ...plain, unicode: false, verbose: true });
        expect(text.replaceAll("kubectl get pod 'web' # ```", ""), `${name} ${format}`).toMatch(/^[\n\x20-\x7e]*$/);
      }
    }
  });
});
