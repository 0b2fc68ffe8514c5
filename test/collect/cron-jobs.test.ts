import { describe, expect, test } from "vitest";
import { collect } from "../../src/collect/collect.ts";
import { silent } from "../../src/domain/progress.ts";
import type { Subject } from "../../src/domain/query.ts";
import { type OpenedCluster, openCluster } from "./open-cluster.ts";
import { podObject, type Sample } from "./sample-objects.ts";

const failing: Subject = { kind: "failing" };

/** A Job that a CronJob made at a minute, and its failing pod. */
function scheduled(cronJob: string, minute: number, controller: Sample = {}): Sample[] {
  const name = `${cronJob}-${minute}`;
  return [
    {
      apiVersion: "batch/v1",
      kind: "Job",
      metadata: {
        name,
        namespace: "shop",
        uid: `u-${name}`,
        ownerReferences: [
          { apiVersion: "batch/v1", kind: "CronJob", name: cronJob, uid: "c", controller: true, ...controller },
        ],
      },
    },
    podObject({ name: `${name}-x7k2p`, uid: `p-${name}`, owner: { kind: "Job", name, uid: `u-${name}` } }),
  ];
}

async function owners({ cluster }: OpenedCluster, subject: Subject = failing) {
  const query = { subject, namespace: "shop", probe: false };
  const { targets, gaps } = await collect(query, cluster, silent, new AbortController().signal);
  return { owners: targets.map(({ owner }) => `${owner?.kind}/${owner?.name}`), gaps };
}

const jobReads = ({ server }: OpenedCluster) =>
  server.requests.filter(({ resource }) => resource === "jobs").map(({ verb }) => verb);

describe("the owner of a CronJob's pod", () => {
  test("is the CronJob, for one read beside the others", async () => {
    await using opened = await openCluster(scheduled("backup", 29_384_756));
    const named: Subject = { kind: "named", resources: [{ type: "pod", name: "backup-29384756-x7k2p" }] };
    expect((await owners(opened, named)).owners).toEqual(["CronJob/backup"]);
    expect(jobReads(opened)).toEqual(["get"]);
    const { from } = opened.server.requests.find(({ resource }) => resource === "jobs") ?? { from: 0 };
    const { to } = opened.server.requests.find(({ resource }) => resource === "serviceaccounts") ?? { to: 0 };
    expect(from).toBeLessThan(to + 50);
  });

  test("is found by one list where many Jobs of a namespace fail", async () => {
    const jobs = [1, 2, 3, 4, 5].flatMap((minute) => scheduled("backup", 29_384_000 + minute));
    await using opened = await openCluster(jobs);
    expect(new Set((await owners(opened)).owners)).toEqual(new Set(["CronJob/backup"]));
    expect(jobReads(opened)).toEqual(["list"]);
  });

  test("is the Job where nobody may read it, and that is no gap", async () => {
    await using opened = await openCluster(scheduled("backup", 29_384_756));
    opened.server.deny({ resource: "jobs" });
    expect(await owners(opened)).toEqual({
      owners: ["Job/backup-29384756"],
      gaps: expect.not.arrayContaining([expect.objectContaining({ what: expect.stringContaining("job") })]),
    });
  });

  test("is the Job where the CronJob does not control it, though it is called so", async () => {
    await using opened = await openCluster(scheduled("backup", 29_384_756, { controller: false }));
    expect((await owners(opened)).owners).toEqual(["Job/backup-29384756"]);
  });

  test("a Job with a name of its own is not read", async () => {
    await using opened = await openCluster(scheduled("migrate", 7));
    expect((await owners(opened)).owners).toEqual(["Job/migrate-7"]);
    expect(jobReads(opened)).toEqual([]);
  });
});
