import { describe, expect, test } from "vitest";
import type { PullFailure, Target } from "../../src/domain/target.ts";
import { nextTries } from "../../src/interpret/next-try.ts";

const image = "registry.example.com/shop/web:v1";
const start = Date.parse("2026-11-24T02:00:00Z");

function failed(seconds: number, count?: number, message = `Failed to pull image "${image}": not found`): PullFailure {
  const at = new Date(start + seconds * 1000).toISOString();
  return { source: "event", reason: "Failed", message, at, ...(count === undefined ? {} : { count }) };
}

const backOff: PullFailure = {
  source: "status",
  reason: "ImagePullBackOff",
  message: `Back-off pulling image "${image}"`,
};

/** Seconds after `start` of the next try, as seen `now` seconds after it; `within` where the time is not known, `never` where none comes. */
function due(failures: readonly PullFailure[], now: number, more: Partial<Target> = {}): number | "within" | "never" {
  const target: Target = {
    namespace: "shop",
    pod: "web",
    container: "app",
    containerKind: "regular",
    image,
    nodeSelector: {},
    pullSecretNames: [],
    failures,
    ...more,
  };
  const [next] = nextTries([target], start + now * 1000);
  if (next === undefined) return "never";
  return next.at === undefined ? "within" : (next.at - start) / 1000;
}

describe("the kubelet's next try", () => {
  test.each([
    [1, 10],
    [2, 20],
    [3, 40],
    [4, 80],
    [5, 160],
    [6, 300],
    [7, 300],
    [5000, 300],
  ])("after %d tries comes %d s after the last", (count, wait) => {
    expect(due([backOff, failed(0, count)], 1)).toBe(wait);
  });

  test("counts the tries of all wordings, from the newest on", () => {
    const other = `Failed to pull image "${image}": 503 Service Unavailable`;
    expect(due([backOff, failed(100, 2), failed(70, 1, other)], 101)).toBe(140);
    expect(due([backOff, failed(100, 3, `(combined from similar events): ${other}`)], 101)).toBe(140);
  });

  test("goes on from tries that no Event told of, as long as their time can be named", () => {
    // Over at 10 s, the try at 25 s at the latest; then 20 s more.
    expect(due([failed(0, 1)], 24)).toBe(10);
    expect(due([failed(0, 1)], 26)).toBe(30);
    expect(due([failed(0, 6)], 900)).toBe(900);
    expect(due([failed(0, 6)], 3600)).toBe("within");
  });

  test("is bounded by the longest back-off where no Event has a time", () => {
    expect(due([backOff], 0)).toBe("within");
    expect(due([{ ...failed(0), at: "yesterday" }], 0)).toBe("within");
  });

  test("does not come for what the kubelet does not pull", () => {
    expect(due([{ source: "status", reason: "InvalidImageName", message: "couldn't parse image name" }], 0)).toBe(
      "never",
    );
    expect(due([{ source: "status", reason: "ErrImageNeverPull", message: "not present" }], 0)).toBe("never");
    expect(due([failed(0)], 0, { deletedAt: "2026-11-24T02:00:00Z" })).toBe("never");
    const { pod: _, ...workload } = { pod: "web" };
    expect(
      nextTries(
        [
          {
            ...workload,
            namespace: "shop",
            containerKind: "regular",
            image,
            nodeSelector: {},
            pullSecretNames: [],
            failures: [failed(0)],
          },
        ],
        start,
      ),
    ).toEqual([]);
  });
});
