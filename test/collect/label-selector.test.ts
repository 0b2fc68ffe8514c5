import { expect, test } from "vitest";
import { matchesLabels } from "../../src/collect/label-selector.ts";
import { writeSelector } from "../../src/collect/parse-workload.ts";

const labels = { app: "web", tier: "front", "app.kubernetes.io/name": "web", empty: "" };

test.each([
  ["", true],
  ["app=web", true],
  ["app==web", true],
  ["app=api", false],
  ["app!=api", true],
  ["missing!=x", true],
  ["app=web,tier=back", false],
  ["app in (api, web),tier notin (back)", true],
  ["missing in (a)", false],
  ["missing notin (a)", true],
  ["app", true],
  ["!app", false],
  ["!missing", true],
  ["app.kubernetes.io/name=web", true],
  ["empty=", true],
])("%j matches: %s", (selector, matches) => {
  expect(matchesLabels(selector, labels)).toBe(matches);
});

test.each(["app=a=b", "app in web", "a b", "(a)"])("%j is no selector", (selector) => {
  expect(() => matchesLabels(selector, labels)).toThrow(/the selector does not understand/);
});

test("a workload's selector is written as kubectl writes it", () => {
  const matchExpressions = [
    { key: "tier", operator: "In", values: ["a", "b"] },
    { key: "old", operator: "DoesNotExist" },
    { key: "new", operator: "Exists" },
    { key: "x", operator: "NotIn", values: ["y"] },
  ];
  const written = writeSelector({ matchLabels: { app: "web" }, matchExpressions });
  expect(written).toBe("app=web,tier in (a,b),!old,new,x notin (y)");
  expect(matchesLabels(written ?? "", { app: "web", tier: "b", new: "" })).toBe(true);
  expect(writeSelector({ app: "web" })).toBe("app=web");
  expect(writeSelector({ matchLabels: { app: "web,other=x" } })).toBeUndefined();
  expect(writeSelector({ matchExpressions: [{ key: "a", operator: "Gt", values: ["1"] }] })).toBeUndefined();
  expect(writeSelector({})).toBeUndefined();
});
