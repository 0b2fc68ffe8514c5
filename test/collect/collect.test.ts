import { describe, expect, test } from "vitest";
import type { Cluster } from "../../src/collect/cluster.ts";
import { collect } from "../../src/collect/collect.ts";
import type { ClusterFacts } from "../../src/domain/cluster-facts.ts";
import { KnownError } from "../../src/domain/known-error.ts";
import { silent } from "../../src/domain/progress.ts";
import type { Query, Subject } from "../../src/domain/query.ts";
import type { ServedRequest } from "../support/api-server.ts";
import { answer, cut, slow } from "../support/api-server-faults.ts";
import { openCluster } from "./open-cluster.ts";
import {
  eventObject,
  nodeObject,
  type PodSample,
  podObject,
  running,
  type Sample,
  secretObject,
  serviceAccountObject,
  waitingFor,
} from "./sample-objects.ts";

const uid = "11111111-1111-4111-8111-111111111111";
const image = "registry.example.com/shop/web:v1";

const brokenPod: readonly Sample[] = [
  podObject({ name: "web-1", uid, secrets: ["regcred", "lost"] }),
  eventObject({ uid, reason: "Failed", message: `Failed to pull image "${image}": 401 Unauthorized` }),
  eventObject({ uid: "other", reason: "Failed", message: `Failed to pull image "${image}": of a former pod` }),
  secretObject("regcred"),
  secretObject("unnamed"),
  serviceAccountObject("default", "shop", ["regcred"]),
  nodeObject(),
];

const named = (...names: readonly string[]): Subject => ({
  kind: "named",
  resources: names.map((name) => ({ type: "pod", name })),
});

function look(cluster: Cluster, subject: Subject, rest: Partial<Query> = {}, signal = new AbortController().signal) {
  return collect({ subject, namespace: "shop", probe: false, ...rest }, cluster, silent, signal);
}

async function refusal(promise: Promise<unknown>): Promise<KnownError> {
  const error = await promise.catch((reason: unknown) => reason);
  if (!(error instanceof KnownError)) throw new Error(`expected a KnownError, got ${String(error)}`);
  return error;
}

/** How many requests had to wait for another: 1 + the most that lie one behind the other in time. */
function roundTrips(requests: readonly ServedRequest[]): number {
  const sorted = [...requests].sort((a, b) => a.from - b.from);
  let rounds = 0;
  let end = -1;
  for (const { from, to } of sorted) {
    if (from < end) continue;
    rounds++;
    end = Math.max(end, to);
  }
  return rounds;
}

describe("one named pod", () => {
  test("is told with its Events, Secrets, service account and node", async () => {
    await using opened = await openCluster(brokenPod);
    const facts = await look(opened.cluster, named("web-1"));
    expect(facts.targets).toHaveLength(1);
    expect(facts.targets[0]?.failures[0]).toMatchObject({ source: "event", message: expect.stringContaining("401") });
    expect(facts.targets[0]?.failures).toHaveLength(2);
    expect([...facts.secrets].map(([key, { kind }]) => [key, kind])).toEqual([
      ["shop/regcred", "found"],
      ["shop/lost", "absent"],
    ]);
    expect(facts.serviceAccounts.get("shop/default")).toMatchObject({ value: { pullSecretNames: ["regcred"] } });
    expect(facts.nodes.get("node1")).toMatchObject({ value: { runtime: { name: "containerd", version: "1.7.27" } } });
    expect(facts.otherSecrets.map(({ name }) => name)).toEqual(["regcred", "unnamed"]);
    expect(facts.gaps).toEqual([]);
    expect(facts.examined).toBe(1);
  });

  test("costs two round trips in sequence", async () => {
    await using opened = await openCluster(brokenPod, { latency: 60 });
    await look(opened.cluster, named("web-1"));
    expect(roundTrips(opened.server.requests)).toBe(2);
    expect(opened.server.requests).toHaveLength(10);
  });

  test("costs one request where it is healthy, and gives nothing", async () => {
    await using opened = await openCluster([
      podObject({ state: running, secrets: ["regcred"] }),
      secretObject("regcred"),
    ]);
    const facts = await look(opened.cluster, named("web-1"));
    expect(facts).toMatchObject({ targets: [], examined: 1, gaps: [] });
    expect(opened.server.requests).toHaveLength(1);
  });

  test("that waits for something else has its Events read, and no Secret", async () => {
    await using opened = await openCluster([
      podObject({ uid, state: waitingFor("ContainerCreating"), secrets: ["regcred"] }),
      nodeObject(),
    ]);
    expect((await look(opened.cluster, named("web-1"))).targets).toEqual([]);
    expect(opened.server.requests.map(({ resource }) => resource).sort()).toEqual(["events", "nodes", "pods"]);
  });

  test("whose status tells of something else than a login has no other Secrets listed", async () => {
    const state = waitingFor("ErrImagePull", "failed to resolve reference: not found");
    await using opened = await openCluster([podObject({ state }), secretObject("unnamed")]);
    expect((await look(opened.cluster, named("web-1"))).otherSecrets).toEqual([]);
    expect(opened.server.requests.some(({ resource, verb }) => resource === "secrets" && verb === "list")).toBe(false);
  });

  test("has only its own namespace's Secrets read", async () => {
    await using opened = await openCluster([...brokenPod, secretObject("lost", "other")]);
    const facts = await look(opened.cluster, named("web-1"));
    expect([...facts.secrets.keys()]).toEqual(["shop/regcred", "shop/lost"]);
    expect(facts.secrets.get("shop/lost")).toEqual({ kind: "absent" });
    const asked = opened.server.requests.filter(({ resource, verb }) => resource === "secrets" && verb === "get");
    expect(new Set(asked.map(({ namespace }) => namespace))).toEqual(new Set(["shop"]));
  });

  test("that names an empty Secret is not asked for it, and keeps the name: admission counts it", async () => {
    await using opened = await openCluster([
      podObject({ secrets: [""] }),
      serviceAccountObject("default", "shop", [""]),
    ]);
    const facts = await look(opened.cluster, named("web-1"));
    expect(facts.targets[0]?.pullSecretNames).toEqual([""]);
    expect(facts.serviceAccounts.get("shop/default")).toMatchObject({ value: { pullSecretNames: [] } });
    expect(facts.secrets.size).toBe(0);
    const asked = opened.server.requests.filter(({ resource, name }) => resource === "secrets" && name !== undefined);
    expect(asked).toEqual([]);
  });

  test("is told which other namespaces have a Secret of a name that it names, and of these not a byte but names", async () => {
    const secret = { username: "ci", password: "hunter2-hunter2" };
    const elsewhere = { ...secretObject("lost", "other", { "registry.example.com": secret }), type: "Opaque" };
    await using opened = await openCluster([...brokenPod, elsewhere, secretObject("lots", "third")]);
    const facts = await look(opened.cluster, named("web-1"));
    expect(facts.namesakes).toEqual([
      { namespace: "shop", name: "regcred" },
      { namespace: "other", name: "lost" },
    ]);
    const [first] = opened.server.requests.filter(({ query }) => query.get("fieldSelector") === "metadata.name=lost");
    expect(first?.accept).toContain("application/json;as=PartialObjectMetadataList;g=meta.k8s.io;v=v1");
    expect(first?.bytes).toBeLessThan(600);
    expect(facts.otherSecrets.map(({ namespace }) => namespace)).not.toContain("other");
  });

  test("a server that sends whole Secrets in place of their names is understood, and only names are kept", async () => {
    await using opened = await openCluster([...brokenPod, secretObject("lost", "other")]);
    const whole = { kind: "SecretList", metadata: {}, items: [secretObject("lost", "other"), secretObject("more")] };
    opened.server.fault(answer(200, { body: JSON.stringify(whole) }, { resource: "secrets", verb: "list" }));
    const facts = await look(opened.cluster, named("web-1"));
    expect(facts.namesakes).toEqual([{ namespace: "other", name: "lost" }]);
  });

  test("pull secrets of other namespaces are shown, few, and only where it names a Secret or its status speaks of a login", async () => {
    const crowd = Array.from({ length: 120 }, (_, at) => secretObject(`crowd-${at}`, `ns-${at}`));
    const wanted = async (sample: PodSample) => {
      await using opened = await openCluster([podObject(sample), ...crowd, secretObject("unnamed")]);
      const { otherSecrets } = await look(opened.cluster, named("web-1"));
      expect(otherSecrets.map(({ name }) => name)).toContain("unnamed");
      return otherSecrets.length;
    };
    expect(await wanted({ secrets: ["lost"] })).toBe(51);
    expect(await wanted({ state: waitingFor("ErrImagePull", "failed to authorize: 401 Unauthorized") })).toBe(51);
    expect(await wanted({})).toBe(1);
  });

  test("no look is taken where the status tells of something else than a login", async () => {
    const state = waitingFor("ErrImagePull", "failed to resolve reference: not found");
    await using opened = await openCluster([podObject({ state, secrets: ["lost"] }), secretObject("lost", "other")]);
    expect(await look(opened.cluster, named("web-1"))).toMatchObject({ otherSecrets: [], namesakes: [] });
    expect(opened.server.requests.filter(({ verb, resource }) => verb === "list" && resource === "secrets")).toEqual(
      [],
    );
  });

  test("shows siblings of its template that run the image", async () => {
    const labels = { "pod-template-hash": "abc" };
    const owner = { kind: "ReplicaSet", name: "web-abc", uid: "rs" };
    await using opened = await openCluster([
      podObject({ name: "web-1", labels, owner }),
      podObject({ name: "web-2", labels, owner, state: running, node: "node2" }),
      podObject({ name: "web-3", labels, owner }),
    ]);
    const facts = await look(opened.cluster, named("web-1"));
    expect(facts.targets).toHaveLength(1);
    expect(facts.imageUses).toEqual([
      { image, imageId: "registry.example.com/shop/web@sha256:aa", namespace: "shop", pod: "web-2", node: "node2" },
    ]);
  });

  test("of a container that is named: the others are left out, and an unknown name is a usage error", async () => {
    const state = waitingFor("ErrImagePull", "x");
    const two = podObject({
      spec: {
        containers: [
          { name: "app", image },
          { name: "side", image: "other" },
        ],
      },
      status: {
        phase: "Pending",
        containerStatuses: [
          { name: "app", state },
          { name: "side", state },
        ],
      },
    });
    await using opened = await openCluster([two]);
    const facts = await look(opened.cluster, named("web-1"), { container: "side" });
    expect(facts.targets.map(({ container }) => container)).toEqual(["side"]);
    const error = await refusal(look(opened.cluster, named("web-1"), { container: "sid" }));
    expect(error).toMatchObject({
      code: "usage",
      message: "there is no container sid in pod web-1",
      hint: "It has: app, side.",
    });
  });

  test("that is not there: the nearest names are given", async () => {
    await using opened = await openCluster([podObject({ name: "web-7d47-x1" }), podObject({ name: "api" })]);
    const prefix = await refusal(look(opened.cluster, named("web-7d47")));
    expect(prefix).toMatchObject({
      message: "there is no pod web-7d47 in namespace shop",
      hint: "Did you mean web-7d47-x1?",
    });
    const typo = await refusal(look(opened.cluster, named("apj")));
    expect(typo.hint).toBe("Did you mean api?");
    expect((await refusal(look(opened.cluster, named("zzz")))).hint).toContain("kubectl get pods -n shop");
  });
});

describe("a refused read is a value and a gap, and the rest is still told", () => {
  const reads: readonly [string, (facts: ClusterFacts) => unknown, string | undefined][] = [
    [
      "events",
      (facts) => facts.targets[0]?.failures.map(({ source }) => source),
      "not allowed to list events in namespace shop",
    ],
    ["secrets", (facts) => facts.secrets.get("shop/regcred")?.kind, "not allowed to get secrets in namespace shop"],
    [
      "serviceaccounts",
      (facts) => facts.serviceAccounts.get("shop/default")?.kind,
      "not allowed to get serviceaccounts in namespace shop",
    ],
    ["nodes", (facts) => facts.nodes.get("node1")?.kind, "not allowed to get nodes in the whole cluster"],
  ];

  test.each(reads)("forbidden: %s", async (resource, told, why) => {
    await using opened = await openCluster(brokenPod);
    opened.server.deny({ resource });
    const facts = await look(opened.cluster, named("web-1"));
    expect(facts.targets).toHaveLength(1);
    expect(facts.gaps.map((gap) => gap.why)).toEqual([why]);
    expect(told(facts)).toEqual(resource === "events" ? ["status"] : "forbidden");
  });

  test.each(reads)("cut off: %s", async (resource) => {
    await using opened = await openCluster(brokenPod);
    opened.server.fault(cut({ resource }));
    const facts = await look(opened.cluster, named("web-1"));
    expect(facts.targets).toHaveLength(1);
    expect(facts.gaps[0]?.why).toContain("the connection was reset");
  });

  test("any combination of refusals is survived, and a refusal is never taken for absence", async () => {
    await using opened = await openCluster(brokenPod);
    const resources = reads.map(([resource]) => resource);
    for (let set = 0; set < 2 ** resources.length; set++) {
      await using some = await openCluster(brokenPod);
      const denied = resources.filter((_, bit) => set & (1 << bit));
      for (const resource of denied) some.server.deny({ resource });
      const facts = await look(some.cluster, named("web-1"));
      expect(facts.targets).toHaveLength(1);
      expect(facts.gaps).toHaveLength(denied.length);
      expect(facts.secrets.get("shop/lost")?.kind).toBe(denied.includes("secrets") ? "forbidden" : "absent");
    }
    expect(opened.server.requests).toHaveLength(0);
  });

  test("the look for other Secrets is optional: refused, it leaves no gap", async () => {
    await using opened = await openCluster(brokenPod);
    opened.server.deny({ resource: "secrets", verb: "list" });
    const facts = await look(opened.cluster, named("web-1"));
    expect(facts).toMatchObject({ otherSecrets: [], namesakes: [], gaps: [] });
  });

  test("the look for other Secrets is optional: slow, it is broken off a moment after the rest is there", async () => {
    await using opened = await openCluster([...brokenPod, secretObject("lost", "other")]);
    opened.server.fault(slow(4000, { resource: "secrets", verb: "list" }));
    const from = performance.now();
    const facts = await look(opened.cluster, named("web-1"));
    expect(performance.now() - from).toBeLessThan(3000);
    expect(facts).toMatchObject({ otherSecrets: [], namesakes: [], gaps: [] });
    expect(facts.secrets.get("shop/regcred")?.kind).toBe("found");
  });

  test("a pod that may not be read is a known error with the rule", async () => {
    await using opened = await openCluster(brokenPod);
    opened.server.deny({ resource: "pods" });
    const error = await refusal(look(opened.cluster, named("web-1")));
    expect(error.message).toBe("pod shop/web-1: not allowed to get pods in namespace shop");
  });

  test("of several pods, one that may not be read is a gap", async () => {
    await using opened = await openCluster([...brokenPod, podObject({ name: "web-2" })]);
    opened.server.deny({ resource: "pods", name: "web-2" });
    const facts = await look(opened.cluster, named("web-1", "web-2"));
    expect(facts.targets.map(({ pod }) => pod)).toEqual(["web-1"]);
    expect(facts.gaps.map(({ what }) => what)).toEqual(["pod shop/web-2"]);
  });

  test("of several names, one that nothing has is a gap, and none of them an error", async () => {
    await using opened = await openCluster(brokenPod);
    const facts = await look(opened.cluster, named("web-1", "web-l"));
    expect(facts.targets.map(({ pod }) => pod)).toEqual(["web-1"]);
    expect(facts).toMatchObject({ unread: 1 });
    expect(facts.gaps).toEqual([
      { what: "pod/web-l", why: "there is no pod web-l in namespace shop", remedy: "Did you mean web-1?" },
    ]);
    expect((await refusal(look(opened.cluster, named("web-l", "nope")))).message).toMatch(/^there is no pod /);
  });

  test("an API server in trouble is said in its own number", async () => {
    await using opened = await openCluster(brokenPod);
    opened.server.fault(answer(500, {}, { resource: "nodes" }));
    const facts = await look(opened.cluster, named("web-1"));
    expect(facts.gaps).toEqual([
      { what: "nodes", why: "the API server answered 500 Fault", remedy: expect.any(String) },
    ]);
  });
});

test("Ctrl-C ends the reading, and what is known is given", async () => {
  await using opened = await openCluster(brokenPod);
  opened.server.fault(slow(3000, { resource: "secrets" }));
  const abort = new AbortController();
  setTimeout(() => abort.abort(new Error("Ctrl-C")), 200);
  const facts = await look(opened.cluster, named("web-1"), {}, abort.signal);
  expect(facts.targets).toHaveLength(1);
  expect(facts.secrets.get("shop/regcred")).toEqual({ kind: "unasked", why: "the run was interrupted" });
  expect(facts.gaps).toEqual([{ what: "secrets in namespace shop", why: "the run was interrupted" }]);
});

test("Secrets that many pods share are read once", async () => {
  const pods = ["a", "b", "c"].map((name) => podObject({ name, secrets: ["regcred"] }));
  await using opened = await openCluster([...pods, secretObject("regcred"), serviceAccountObject(), nodeObject()]);
  await look(opened.cluster, named("a", "b", "c"));
  const count = (resource: string) =>
    opened.server.requests.filter((request) => request.resource === resource && request.verb === "get").length;
  expect({ secrets: count("secrets"), serviceaccounts: count("serviceaccounts"), nodes: count("nodes") }).toEqual({
    secrets: 1,
    serviceaccounts: 1,
    nodes: 1,
  });
});

test("nothing of a Secret can be printed", async () => {
  const login = { "registry.example.com": { username: "ci", password: "hunter2-hunter2" } };
  await using opened = await openCluster([podObject({ secrets: ["regcred"] }), secretObject("regcred", "shop", login)]);
  const facts = await look(opened.cluster, named("web-1"));
  const { inspect } = await import("node:util");
  const payload = Buffer.from(JSON.stringify({ auths: login })).toString("base64");
  const printed = `${inspect(facts, { depth: 20, showHidden: true })}${JSON.stringify([...facts.secrets])}`;
  expect(printed).toContain("[redacted]");
  expect(printed).not.toContain("hunter2");
  expect(printed).not.toContain(payload.slice(0, 20));
});
