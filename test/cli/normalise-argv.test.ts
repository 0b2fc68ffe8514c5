import { describe, expect, test } from "vitest";
import { normaliseArgv } from "../../src/cli/normalise-argv.ts";

describe("short flags are read as kubectl reads them", () => {
  test.each([
    [["-nshop"], ["-n", "shop"]],
    [["-n=shop"], ["-n", "shop"]],
    [
      ["-n", "shop"],
      ["-n", "shop"],
    ],
    [["-Av"], ["-A", "-v"]],
    [["-vojson"], ["-v", "-o", "json"]],
    [["-lapp=web"], ["-l", "app=web"]],
    [["--namespace=shop"], ["--namespace=shop"]],
    [
      ["--", "-nshop"],
      ["--", "-nshop"],
    ],
    [
      ["-f", "-"],
      ["-f", "-"],
    ],
    [["-x1"], ["-x1"]],
  ])("%j → %j", (given, expected) => {
    expect(normaliseArgv(given)).toEqual(expected);
  });
});
