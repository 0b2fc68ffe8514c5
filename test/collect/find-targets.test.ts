import { describe, expect, test } from "vitest";
import type { Cluster } from "../../src/collect/cluster.ts";
import { collect } from "../../src/collect/collect.ts";
import { KnownError } from "../../src/domain/known-error.ts";
import { silent } from "../../src/domain/progress.ts";
import type { NamedResource, Query, Subject } from "../../src/domain/query.ts";
import { slow } from "../support/api-server-faults.ts";
import { openCluster } from "./open-cluster.ts";
import {
  crashing,
  eventObject,
  nodeObject,
  podObject,
  running,
  type Sample,
  secretObject,
  serviceAccountObject,
  waitingFor,
  workloadObject,
} from "./sample-objects.ts";

const image = "registry.example.com/shop/web:v1";
const denied =
  'Error creating: admission webhook "images.policy.example.com" denied the request: image registry.example.com/shop/web:v1 has no digest';

const workload = (type: NamedResource["type"], name = "web"): Subject => ({
  kind: "named",
  resources: [{ type, name }],
});

function look(cluster: Cluster, subject: Subject, rest: Partial<Query> = {}, told: string[] = []) {
  const progress = { update: (text: string) => void told.push(text) };
  const query = { subject, namespace: "shop", probe: false, ...rest };
  return collect(query, cluster, progress, new AbortController().signal);
}

const podsOf = async (cluster: Cluster, subject: Subject, rest: Partial<Query> = {}) =>
  (await look(cluster, subject, rest)).targets.map(({ namespace, pod }) => `${namespace}/${pod}`).sort();

describe("the pods of a workload", () => {
  const labels = { app: "web" };

  test("of a Deployment are those of its ReplicaSets, not all that bear its labels", async () => {
    await using opened = await openCluster([
      workloadObject({ kind: "Deployment", name: "web", uid: "d" }),
      workloadObject({
        kind: "ReplicaSet",
        name: "web-1",
        uid: "rs1",
        labels,
        owner: { kind: "Deployment", name: "web", uid: "d" },
      }),
      workloadObject({ kind: "ReplicaSet", name: "other", uid: "rs2", labels }),
      podObject({ name: "own", labels, owner: { kind: "ReplicaSet", name: "web-1", uid: "rs1" } }),
      podObject({ name: "foreign", labels, owner: { kind: "ReplicaSet", name: "other", uid: "rs2" } }),
      podObject({ name: "bare", labels }),
    ]);
    expect(await podsOf(opened.cluster, workload("deployment"))).toEqual(["shop/own"]);
    opened.server.deny({ resource: "replicasets" });
    expect(await podsOf(opened.cluster, workload("deployment"))).toEqual(["shop/bare", "shop/foreign", "shop/own"]);
  });

  test.each([
    ["statefulset", "StatefulSet"],
    ["daemonset", "DaemonSet"],
    ["replicaset", "ReplicaSet"],
    ["job", "Job"],
  ] as const)("of a %s are those it owns", async (type, kind) => {
    await using opened = await openCluster([
      workloadObject({ kind, name: "web", uid: "w" }),
      podObject({ name: "own", labels: { app: "web" }, owner: { kind, name: "web", uid: "w" } }),
      podObject({ name: "former", labels: { app: "web" }, owner: { kind, name: "web", uid: "before" } }),
    ]);
    expect(await podsOf(opened.cluster, workload(type))).toEqual(["shop/own"]);
  });

  test("of a CronJob are those of its Jobs", async () => {
    const owner = { kind: "CronJob", name: "web", uid: "c" };
    await using opened = await openCluster([
      workloadObject({ kind: "CronJob", name: "web", uid: "c" }),
      workloadObject({ kind: "Job", name: "web-1", uid: "j1", labels: { "job-name": "web-1" }, owner }),
      workloadObject({ kind: "Job", name: "other", uid: "j2", labels: { "job-name": "other" } }),
      podObject({ name: "own", labels: { "job-name": "web-1" }, owner: { kind: "Job", name: "web-1", uid: "j1" } }),
      podObject({ name: "foreign", labels: { "job-name": "other" }, owner: { kind: "Job", name: "other", uid: "j2" } }),
    ]);
    expect(await podsOf(opened.cluster, workload("cronjob"))).toEqual(["shop/own"]);
  });

  test("of workloads chosen by labels, in all namespaces", async () => {
    const own = (namespace: string) => [
      workloadObject({ kind: "StatefulSet", name: "web", uid: `w-${namespace}`, namespace }),
      podObject({ name: "own", namespace, labels, owner: { kind: "StatefulSet", name: "web", uid: `w-${namespace}` } }),
    ];
    await using opened = await openCluster([
      ...own("shop"),
      ...own("test"),
      workloadObject({ kind: "StatefulSet", name: "db", uid: "db" }),
    ]);
    const subject = { kind: "selected", type: "statefulset", selector: "app=web" } as const;
    expect(await podsOf(opened.cluster, subject)).toEqual(["shop/own"]);
    expect(await podsOf(opened.cluster, subject, { namespace: undefined })).toEqual(["shop/own", "test/own"]);
  });

  test("a workload that is not there gives the nearest name; one that may not be read the rule", async () => {
    await using opened = await openCluster([workloadObject({ kind: "Deployment", name: "web", uid: "d" })]);
    await expect(look(opened.cluster, workload("deployment", "wbe"))).rejects.toMatchObject({
      message: "there is no deployment wbe in namespace shop",
      hint: "Did you mean web?",
    });
    await expect(look(opened.cluster, workload("deployment", "db"))).rejects.toMatchObject({
      message: "there is no deployment db in namespace shop",
      hint: `Look at: kubectl get deployments -n shop --context ${opened.cluster.context}`,
    });
    await expect(look(opened.cluster, workload("deployment", "webs"))).rejects.toMatchObject({
      hint: "Did you mean web?",
    });
    opened.server.deny({ resource: "deployments" });
    await expect(look(opened.cluster, workload("deployment"))).rejects.toThrow(
      "deployment web: not allowed to get deployments in namespace shop",
    );
  });
});

describe("a workload whose pods were refused", () => {
  const refused: readonly Sample[] = [
    workloadObject({ kind: "Deployment", name: "web", uid: "d", present: 0 }),
    workloadObject({
      kind: "ReplicaSet",
      name: "web-1",
      uid: "rs1",
      labels: { app: "web" },
      present: 0,
      owner: { kind: "Deployment", name: "web", uid: "d" },
    }),
    eventObject({ kind: "ReplicaSet", name: "web-1", uid: "rs1", reason: "FailedCreate", message: denied, count: 12 }),
  ];
  const expected = {
    namespace: "shop",
    owner: { kind: "Deployment", name: "web" },
    image,
    failures: [{ reason: "FailedCreate", message: denied, count: 12, reporter: "replicaset-controller" }],
  };

  test("is a target without a pod, when it is named", async () => {
    await using opened = await openCluster(refused);
    const { targets } = await look(opened.cluster, workload("deployment"));
    expect(targets).toMatchObject([expected]);
    expect(targets[0]?.pod).toBeUndefined();
  });

  test("is found by a search for what fails, in one namespace or all", async () => {
    await using opened = await openCluster(refused);
    expect((await look(opened.cluster, { kind: "failing" })).targets).toMatchObject([expected]);
    expect((await look(opened.cluster, { kind: "failing" }, { namespace: undefined })).targets).toMatchObject([
      expected,
    ]);
    expect((await look(opened.cluster, { kind: "failing" }, { namespace: "other" })).targets).toEqual([]);
  });

  test("is none once it has its pods", async () => {
    const healed = workloadObject({
      kind: "ReplicaSet",
      name: "web-1",
      uid: "rs1",
      labels: { app: "web" },
      present: 1,
    });
    await using opened = await openCluster([...refused.slice(2), healed]);
    expect((await look(opened.cluster, { kind: "failing" })).targets).toEqual([]);
  });
});

describe("pods chosen by labels", () => {
  test("are those that bear them", async () => {
    await using opened = await openCluster([
      podObject({ name: "a", labels: { app: "web" } }),
      podObject({ name: "b", labels: { app: "api" } }),
      podObject({ name: "c", namespace: "test", labels: { app: "web" } }),
    ]);
    const subject = { kind: "selected", type: "pod", selector: "app=web" } as const;
    expect(await podsOf(opened.cluster, subject)).toEqual(["shop/a"]);
    expect(await podsOf(opened.cluster, subject, { namespace: undefined })).toEqual(["shop/a", "test/c"]);
  });

  test("with a selector that is none: the API server's refusal is told", async () => {
    await using opened = await openCluster([podObject()]);
    const subject = { kind: "selected", type: "pod", selector: "a b c" } as const;
    await expect(look(opened.cluster, subject)).rejects.toMatchObject({
      hint: "Write the selector as for kubectl get -l.",
    });
  });
});

describe("a search for what fails", () => {
  const healthy = Array.from({ length: 700 }, (_, index) => podObject({ name: `ok-${index}`, state: running }));
  const failed = (uid: string, name: string, at: string) =>
    eventObject({ uid, name, reason: "Failed", message: `Failed to pull image "${image}": not found`, at });

  test("Ctrl-C among the pods that Events name leaves those that were found", async () => {
    await using opened = await openCluster([
      podObject({ name: "pending", uid: "p" }),
      failed("p", "pending", "2026-11-24T02:10:00Z"),
      podObject({ name: "restarted", uid: "r", phase: "Running", state: waitingFor("ErrImagePull", "not found") }),
      failed("r", "restarted", "2026-11-24T02:10:00Z"),
    ]);
    opened.server.fault(slow(3000, { name: "restarted" }));
    const stop = new AbortController();
    setTimeout(() => stop.abort(new Error("Ctrl-C")), 300);
    const query: Query = { subject: { kind: "failing" }, namespace: "shop", probe: false };
    const facts = await collect(query, opened.cluster, silent, stop.signal);
    expect(facts.targets.map(({ pod }) => pod)).toEqual(["pending"]);
    expect(facts.gaps.map(({ why }) => why)).toContain("the run was interrupted");
  });

  test("finds Pending pods and Running ones that Events name, and reads no healthy pod", async () => {
    await using opened = await openCluster([
      ...healthy,
      podObject({ name: "pending", uid: "p" }),
      failed("p", "pending", "2026-11-24T02:10:00Z"),
      podObject({ name: "restarted", uid: "r", phase: "Running", state: waitingFor("ErrImagePull", "not found") }),
      failed("r", "restarted", "2026-11-24T02:10:00Z"),
      podObject({ name: "unscheduled", state: waitingFor("ContainerCreating"), node: undefined }),
      podObject({ name: "crashing", uid: "c", phase: "Running", state: crashing }),
      eventObject({
        uid: "c",
        name: "crashing",
        reason: "BackOff",
        message: "Back-off restarting failed container app",
      }),
      failed("gone", "deleted", "2026-11-24T02:10:00Z"),
    ]);
    const facts = await look(opened.cluster, { kind: "failing" });
    expect(facts.targets.map(({ pod }) => pod).sort()).toEqual(["pending", "restarted"]);
    expect(facts.targets.every(({ failures }) => failures.some(({ source }) => source === "event"))).toBe(true);
    expect(facts.gaps).toEqual([]);
    const pods = opened.server.requests.filter(({ resource }) => resource === "pods");
    expect(pods.filter(({ verb }) => verb === "list").map(({ query }) => query.get("fieldSelector"))).toEqual([
      "status.phase=Pending",
    ]);
    expect(
      pods
        .filter(({ verb }) => verb === "get")
        .map(({ name }) => name)
        .sort(),
    ).toEqual(["deleted", "restarted"]);
  });

  test("reads each Secret, service account and node once for all namespaces", async () => {
    const pods = ["shop", "test"].flatMap((namespace) =>
      [1, 2, 3].map((index) => podObject({ name: `web-${index}`, namespace, secrets: ["regcred"] })),
    );
    const around = ["shop", "test"].flatMap((namespace) => [
      secretObject("regcred", namespace),
      serviceAccountObject("default", namespace),
    ]);
    await using opened = await openCluster([...pods, ...around, nodeObject()]);
    const facts = await look(opened.cluster, { kind: "failing" }, { namespace: undefined });
    expect(facts.targets).toHaveLength(6);
    const gets = opened.server.requests.filter(({ verb }) => verb === "get").map(({ path }) => path);
    expect(gets).toHaveLength(new Set(gets).size);
    expect(gets).toHaveLength(5);
  });

  test("goes through Running pods where Events may not be read, and says so", async () => {
    await using opened = await openCluster([
      ...healthy,
      podObject({ name: "restarted", phase: "Running", state: waitingFor("ErrImagePull", "not found") }),
    ]);
    opened.server.deny({ resource: "events" });
    const facts = await look(opened.cluster, { kind: "failing" });
    expect(facts.targets.map(({ pod }) => pod)).toEqual(["restarted"]);
    expect(facts.gaps.map(({ why }) => why)).toEqual(["not allowed to list events in namespace shop"]);
  });

  test("may not be possible", async () => {
    await using opened = await openCluster([]);
    opened.server.deny({ resource: "pods" });
    const error = await look(opened.cluster, { kind: "failing" }, { namespace: undefined }).catch(
      (reason: unknown) => reason,
    );
    expect(error).toBeInstanceOf(KnownError);
    expect(error).toMatchObject({ message: "pods in all namespaces: not allowed to list pods in the whole cluster" });
  });

  test("tells how far it is", async () => {
    const pods = Array.from({ length: 12 }, (_, index) => podObject({ name: `p-${index}`, secrets: [`s-${index}`] }));
    await using opened = await openCluster(pods);
    const told: string[] = [];
    await look(opened.cluster, { kind: "failing" }, {}, told);
    expect(told).toContain("Looking for failing pods in namespace shop");
    expect(told).toContain("Reading secrets, service accounts and nodes (14 of 14)");
  });

  test("lists nodes where there are too many to read one by one", async () => {
    const pods = Array.from({ length: 60 }, (_, index) => podObject({ name: `p-${index}`, node: `node${index}` }));
    const nodes = Array.from({ length: 59 }, (_, index) => nodeObject(`node${index}`));
    await using opened = await openCluster([...pods, ...nodes]);
    const facts = await look(opened.cluster, { kind: "failing" });
    expect(facts.nodes.size).toBe(60);
    expect(facts.nodes.get("node59")).toEqual({ kind: "absent" });
    expect(opened.server.requests.filter(({ resource }) => resource === "nodes")).toHaveLength(1);
  });
});
