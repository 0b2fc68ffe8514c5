import { describe, expect, test } from "vitest";
import { collect } from "../../src/collect/collect.ts";
import { silent } from "../../src/domain/progress.ts";
import type { Subject } from "../../src/domain/query.ts";
import { openCluster } from "./open-cluster.ts";
import { completed, podObject, running, type Sample, waitingFor } from "./sample-objects.ts";

const ended: Sample = { ...completed };

async function facts(objects: readonly Sample[], subject: Subject) {
  await using opened = await openCluster(objects);
  const query = { subject, namespace: "shop", probe: false };
  const { healthy, unsettled } = await collect(query, opened.cluster, silent, new AbortController().signal);
  return { healthy: healthy?.map(({ container }) => `${container.pod}/${container.container}`), unsettled };
}

const named = (...names: string[]): Subject => ({
  kind: "named",
  resources: names.map((name) => ({ type: "pod" as const, name })),
});

describe("what is well among the pods that were asked about", () => {
  test("are the containers that run or have run, and not those that wait or fail", async () => {
    const two = {
      spec: {
        containers: [
          { name: "app", image: "a" },
          { name: "side", image: "b" },
        ],
      },
      status: {
        containerStatuses: [
          { name: "app", image: "a", imageID: "", state: waitingFor("ImagePullBackOff", "not found") },
          { name: "side", image: "b", imageID: "sha256:b", state: running },
        ],
      },
    };
    const objects = [
      podObject({ name: "half", ...two }),
      podObject({ name: "good", state: running }),
      podObject({
        name: "done",
        state: ended,
        phase: "Succeeded",
        status: { containerStatuses: [{ name: "app", imageID: "sha256:a", state: ended }] },
      }),
      podObject({ name: "new", state: waitingFor("ContainerCreating") }),
    ];
    expect(await facts(objects, named("half", "good", "done", "new"))).toEqual({
      healthy: ["half/side", "good/app", "done/app"],
      unsettled: 1,
    });
  });

  test("are not looked for where no pod was named, so that nothing healthy is downloaded", async () => {
    expect(
      await facts([podObject({ name: "bad" }), podObject({ name: "good", state: running })], { kind: "failing" }),
    ).toEqual({
      healthy: undefined,
      unsettled: 0,
    });
  });

  test("are bounded", async () => {
    const many = Array.from({ length: 1100 }, (_, index) => podObject({ name: `web-${index}`, state: running }));
    const bad = podObject({ name: "zzz" });
    const subject = { kind: "selected", type: "pod", selector: "app=web" } as const;
    await using opened = await openCluster([...many, bad]);
    const query = { subject, namespace: "shop", probe: false };
    const seen = await collect(query, opened.cluster, silent, new AbortController().signal);
    expect(seen).toMatchObject({ examined: 1101, targets: [{ pod: "zzz" }] });
    expect(seen.healthy).toHaveLength(1000);
  });
});
