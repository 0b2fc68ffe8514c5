import { describe, expect, test } from "vitest";
import { nearestTags } from "../../src/knowledge/nearest-tags.ts";
import { cpuTime } from "../support/cpu-time.ts";

describe("the nearest tags", () => {
  test.each([
    ["with the v that was left out", "1.4.2", ["v1.4.1", "v1.4.2", "latest"], "v1.4.2"],
    ["without the v that was put in", "v1.4.2", ["1.4.1", "1.4.2"], "1.4.2"],
    ["in the case it has", "Release-2", ["release-1", "release-2"], "release-2"],
    ["with its separator", "2024_01_05", ["2024-01-05", "2024-01-06"], "2024-01-05"],
    ["with its variant", "1.27", ["1.26-alpine", "1.27-alpine", "1.27-rc1"], "1.27-alpine"],
    ["without the variant that it never had", "1.27-slim", ["1.26", "1.27", "1.28"], "1.27"],
    [
      "of the variant's other version",
      "3.12-alpine3.99",
      ["3.12-alpine3.20", "3.12-slim", "3.11-alpine3.20"],
      "3.12-alpine3.20",
    ],
    ["a typing error away", "latset-dev", ["latest-dev", "stable"], "latest-dev"],
    ["a typing error away, letters exchanged", "prodcution", ["staging", "production"], "production"],
    ["the newest of its series", "1.27.9", ["1.26.9", "1.27.2", "1.27.10", "1.28.1", "1"], "1.27.10"],
    ["the newest of its major series", "2.9.0", ["1.9.0", "2.3.1", "2.8.0", "3.0.0"], "2.8.0"],
    ["numbers compared as numbers", "1.0.99", ["1.0.9", "1.0.10"], "1.0.10"],
    ["the long form of a commit", "3f2a91c", ["9f2a91c0d4", "3f2a91c0d4e5"], "3f2a91c0d4e5"],
    ["a commit with its prefix", "sha-3f2a91c", ["3f2a91c0d4e5", "main"], "3f2a91c0d4e5"],
    ["for latest the newest release", "latest", ["1.9.0", "1.10.0", "1.10.0-rc1", "main", "1"], "1.10.0"],
    ["for latest a branch where nothing else is", "latest", ["feature-x", "main", "sha-3f2a91c"], "main"],
  ])("%s", (_, wanted, tags, first) => {
    expect(nearestTags(wanted, tags)[0]).toBe(first);
  });

  test("nothing is near where nothing is", () => {
    expect(nearestTags("1.4.2", ["2.0.0", "nightly", "main"])).toEqual([]);
    expect(nearestTags("blue", ["green", "red"])).toEqual([]);
    expect(nearestTags("1.4.2", [])).toEqual([]);
    expect(nearestTags("1.4.2", ["1.4.2"])).toEqual([]);
    // One digit is another version, not a typing error.
    expect(nearestTags("7.0", ["8.0"])).toEqual([]);
  });

  test("a release candidate is not the newest of a series", () => {
    expect(nearestTags("1.4", ["1.3.0", "1.5.0-rc.1", "1.3.9-beta2"])).toEqual(["1.3.0"]);
  });

  test("names at most as many as are asked for, the newest first", () => {
    const tags = ["1.27.1", "1.27.2", "1.27.3", "1.27.4"];
    expect(nearestTags("1.27.9", tags)).toEqual(["1.27.4", "1.27.3", "1.27.2"]);
    expect(nearestTags("1.27.9", tags, 1)).toEqual(["1.27.4"]);
  });

  test("what is no tag is never named, and a long list costs little", () => {
    expect(nearestTags("1.2", ["1.2\u001b[31m", "1.2-\u202e", "v1.2"])).toEqual(["v1.2"]);
    expect(nearestTags("\u001b", ["a"])).toEqual([]);
    const started = cpuTime();
    nearestTags(
      "a".repeat(128),
      Array.from({ length: 200_000 }, (_, at) => `${"a".repeat(120)}${at}`),
    );
    expect(cpuTime() - started).toBeLessThan(3_000);
  });
});
