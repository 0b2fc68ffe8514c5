import { describe, expect, test } from "vitest";
import { followPods, type PodNews } from "../../src/collect/watch-pods.ts";
import { answer } from "../support/api-server-faults.ts";
import { type OpenedCluster, openCluster } from "./open-cluster.ts";
import { podObject, running } from "./sample-objects.ts";

const waits = { first: 10, longest: 50 };
const failing = podObject({ name: "web-1", uid: "u1" });

/** Follows until `count` pieces of news have come; `act[n]` runs after the n-th. */
async function news(
  opened: OpenedCluster,
  count: number,
  act: readonly (() => void)[] = [],
  keep: Parameters<typeof followPods>[2] = () => true,
): Promise<readonly string[]> {
  const abort = new AbortController();
  const told: string[] = [];
  const late = setTimeout(() => abort.abort(), 8000);
  for await (const piece of followPods(opened.cluster, { namespace: "shop" }, keep, abort.signal, waits)) {
    told.push(describeNews(piece));
    if (told.length >= count) break;
    const next = act[told.length - 1];
    if (next !== undefined) void whenWatching(opened, next);
  }
  clearTimeout(late);
  abort.abort();
  return told;
}

function describeNews(piece: PodNews): string {
  if (piece.kind === "listed") return `listed ${piece.pods.map(({ name }) => name).join(",")}`;
  return piece.kind === "interrupted"
    ? `interrupted ${piece.why}`
    : `${piece.kind} ${piece.pod.name} ${piece.pod.phase}`;
}

/** A change before the watch stands would be in its history anyway; waiting for it makes cuts hit an open one. */
async function whenWatching(opened: OpenedCluster, act: () => void): Promise<void> {
  while (opened.server.openWatches === 0) await new Promise((resolve) => setTimeout(resolve, 5));
  act();
}

describe("a watch", () => {
  test("lists, and tells each change from there", async () => {
    await using opened = await openCluster([failing]);
    const told = await news(opened, 4, [
      () => opened.server.put(podObject({ name: "web-1", uid: "u1", state: running })),
      () => opened.server.put(podObject({ name: "web-2", uid: "u2" })),
      () => opened.server.remove("Pod", "shop", "web-2"),
    ]);
    expect(told).toEqual(["listed web-1", "changed web-1 Running", "changed web-2 Pending", "gone web-2 Pending"]);
  });

  test.each(["cut", "close"] as const)(
    "goes on after its connection is %s, without a new list, and misses nothing",
    async (how) => {
      await using opened = await openCluster([failing]);
      const told = await news(opened, 3, [
        () => {
          opened.server.endWatches(how);
          opened.server.put(podObject({ name: "web-1", uid: "u1", state: running }));
        },
        () => {
          opened.server.endWatches(how);
          opened.server.put(podObject({ name: "web-2", uid: "u2" }));
        },
      ]);
      expect(told).toEqual(["listed web-1", "changed web-1 Running", "changed web-2 Pending"]);
      expect(opened.server.requests.filter(({ verb }) => verb === "list")).toHaveLength(1);
      expect(opened.server.requests.filter(({ verb }) => verb === "watch").length).toBeGreaterThanOrEqual(3);
    },
  );

  test("lists anew where its position is too old (410)", async () => {
    await using opened = await openCluster([failing]);
    const told = await news(opened, 2, [
      () => {
        opened.server.put(podObject({ name: "web-2", uid: "u2", namespace: "other" }));
        opened.server.forgetHistory();
        opened.server.endWatches("cut");
      },
    ]);
    expect(told).toEqual(["listed web-1", "listed web-1"]);
  });

  test("says that it is interrupted while the API server is in trouble, and goes on", async () => {
    await using opened = await openCluster([failing]);
    const told = await news(opened, 3, [
      () => {
        opened.server.fault(answer(500, {}, { verb: "watch", times: 1 }));
        opened.server.put(podObject({ name: "web-1", uid: "u1", state: running }));
        opened.server.endWatches("cut");
      },
    ]);
    expect(new Set(told)).toEqual(
      new Set(["listed web-1", "interrupted the API server answered 500", "changed web-1 Running"]),
    );
  });

  test("tells of wanted pods only, and once more of one that is no longer", async () => {
    await using opened = await openCluster([failing, podObject({ name: "ok", state: running })]);
    const told = await news(
      opened,
      2,
      [
        () => {
          opened.server.put(podObject({ name: "ok", state: running, labels: { changed: "yes" } }));
          opened.server.put(podObject({ name: "web-1", uid: "u1", state: running }));
        },
      ],
      ({ phase }) => phase === "Pending",
    );
    expect(told).toEqual(["listed web-1", "changed web-1 Running"]);
  });

  test("ends with its signal, while waiting and while backing off", async () => {
    await using opened = await openCluster([failing]);
    const abort = new AbortController();
    const ended = (async () => {
      for await (const _ of followPods(opened.cluster, {}, () => true, abort.signal)) {
        setTimeout(() => abort.abort(), 50);
      }
    })();
    await ended;
    expect(abort.signal.aborted).toBe(true);
  });

  test("may be forbidden", async () => {
    await using opened = await openCluster([failing]);
    opened.server.deny({ verb: "watch" });
    expect(await news(opened, 2)).toEqual(["listed web-1", "interrupted not allowed to watch pods in namespace shop"]);
  });
});
