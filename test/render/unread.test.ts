import { describe, expect, test } from "vitest";
import type { Report } from "../../src/domain/report.ts";
import { type Format, render } from "../../src/render/index.ts";

const report: Report = {
  schemaVersion: "1",
  target: { namespace: "shop", kind: "named", subject: "deployment/web", examined: 1 },
  diagnoses: [],
  gaps: [{ what: "pods in namespace shop", why: "not allowed to list pods in namespace shop" }],
  healthy: [{ image: "web:v1", container: { namespace: "shop", pod: "a", container: "app" } }],
  unread: 1,
  at: "2026-11-24T12:00:00Z",
  version: "0.0.0",
  command: "kubectl imagedoctor deploy/web",
  probed: true,
};

const draw = (format: Format, of: Report = report) =>
  render(format, of, { color: false, width: 80, verbose: false, unicode: true });

describe("where nothing fails and not all could be read", () => {
  test.each(["text", "wide", "markdown"] as const)("%s does not say that nothing is failing", async (format) => {
    const drawn = await draw(format);
    expect(drawn.replace(/\s+/g, " ")).toContain(
      "Nothing failing was seen, but not all that was asked for could be read",
    );
    expect(drawn).not.toContain("✓");
  });

  test("JSON counts it", async () => {
    expect(JSON.parse(await draw("json"))).toMatchObject({ diagnoses: [], unread: 1 });
  });

  test("JUnit has an error beside what is well", async () => {
    const drawn = await draw("junit");
    expect(drawn).toContain('tests="2" failures="0" errors="1"');
    expect(drawn).toContain('<error type="unread" message="Nothing failing was seen, but');
    expect(drawn).toContain('name="web:v1 (shop/a/app)"');
  });

  test("SARIF's run was not successful", async () => {
    expect(JSON.parse(await draw("sarif")).runs[0].invocations[0].executionSuccessful).toBe(false);
    const { unread: _, ...whole } = report;
    expect(JSON.parse(await draw("sarif", whole)).runs[0].invocations[0].executionSuccessful).toBe(true);
  });
});

test.each([
  [0, "✓ Nothing is failing: no failing pods in namespace shop.\n"],
  [3, "✓ Nothing is failing: no failing pods in namespace shop (3 pods seen).\n"],
])("a search among %i pods that finds nothing says so in one sentence", async (examined, sentence) => {
  const { unread: _, ...whole } = report;
  const target = { namespace: "shop", kind: "failing", subject: "failing pods", examined } as const;
  expect(await draw("text", { ...whole, target, gaps: [] })).toBe(sentence);
});
