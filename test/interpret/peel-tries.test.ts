import { describe, expect, test } from "vitest";
import { splitTries } from "../../src/interpret/peel-tries.ts";

describe("splitTries", () => {
  test("one text is one try", () => {
    expect(splitTries("gone, for good")).toEqual({ relation: "one", texts: ["gone, for good"] });
  });

  test("an aggregate is split before a known head, not at every comma", () => {
    const tries = splitTries("[rpc error: code = Unknown desc = not here, sorry, Error response from daemon: gone]");
    expect(tries).toEqual({
      relation: "several",
      texts: ["rpc error: code = Unknown desc = not here, sorry", "Error response from daemon: gone"],
    });
  });

  test("brackets around one error are no aggregate", () => {
    expect(splitTries("[rpc error: code = Unknown desc = gone]").relation).toBe("one");
  });

  test("mirrors come after the registry's own answer", () => {
    expect(splitTries("(Mirrors also failed: [m.test/a: gone] [n.test/a: away]): r.test/a: denied")).toEqual({
      relation: "mirrors",
      texts: ["r.test/a: denied", "m.test/a: gone", "n.test/a: away"],
    });
  });

  test("mirrors whose text was cut leave the registry's answer empty", () => {
    expect(splitTries("(Mirrors also failed: [m.test/a: go")).toEqual({
      relation: "mirrors",
      texts: ["", "m.test/a: go"],
    });
  });

  test("the artifact's half is dropped", () => {
    expect(
      splitTries("unable to pull image or OCI artifact: pull image err: gone; artifact err: no artifact").texts,
    ).toEqual(["gone"]);
  });

  test("Podman's list is one try an item", () => {
    expect(splitTries("2 errors occurred while pulling:\n * a gone\n * b gone")).toEqual({
      relation: "several",
      texts: ["a gone", "b gone"],
    });
  });

  test("their number is bounded", () => {
    expect(splitTries(`[${"rpc error: code = Unknown desc = x, ".repeat(1_000)}]`).texts.length).toBeLessThanOrEqual(8);
    expect(splitTries(`(Mirrors also failed: ${"[m: x] ".repeat(1_000)}): y`).texts.length).toBeLessThanOrEqual(8);
  });
});
