import { describe, expect, test } from "vitest";
import { readTargets } from "../../src/cli/targets.ts";

describe("targets are named as for kubectl get", () => {
  test.each([
    ["POD", ["web"], [["pod", "web"]]],
    ["pod/POD", ["pod/web"], [["pod", "web"]]],
    ["pods/POD", ["pods/web"], [["pod", "web"]]],
    [
      "po POD POD",
      ["po", "a", "b"],
      [
        ["pod", "a"],
        ["pod", "b"],
      ],
    ],
    [
      "TYPE/NAME mixed",
      ["deploy/web", "sts/db"],
      [
        ["deployment", "web"],
        ["statefulset", "db"],
      ],
    ],
    ["TYPE.GROUP", ["deployment.apps/web"], [["deployment", "web"]]],
    ["cj NAME", ["cj", "nightly"], [["cronjob", "nightly"]]],
    [
      "TYPE,TYPE NAME",
      ["deploy,sts", "web"],
      [
        ["deployment", "web"],
        ["statefulset", "web"],
      ],
    ],
  ] as const)("%s", (_name, words, expected) => {
    expect(readTargets(words).resources.map(({ type, name }) => [type, name])).toEqual(expected);
  });

  test("a type alone leaves the names to the selector", () => {
    expect(readTargets(["deploy"])).toEqual({ type: "deployment", resources: [], typeOnly: true });
  });

  test("a type that makes no pods is refused, with the nearest", () => {
    expect(() => readTargets(["deplyment/web"])).toThrow(
      expect.objectContaining({ hint: "Did you mean deployment/web?" }),
    );
  });

  test("TYPE and TYPE/NAME are not mixed, and TYPE,TYPE wants a name", () => {
    expect(() => readTargets(["deploy", "web", "sts/db"])).toThrow(
      expect.objectContaining({ code: "usage", hint: "Write TYPE/NAME for each, or one TYPE and then names." }),
    );
    expect(() => readTargets(["deploy,sts"])).toThrow(expect.objectContaining({ code: "usage" }));
    expect(() => readTargets(["deploy,svc", "web"])).toThrow(expect.objectContaining({ code: "usage" }));
  });

  test("what cannot be a name is refused before anything is asked", () => {
    for (const name of ["../x", "a b", "Web", "nginx:1.25", "", "-x", "a\u202eb"]) {
      expect(() => readTargets([`pod/${name}`])).toThrow(expect.objectContaining({ code: "usage" }));
    }
  });
});
