import { dump } from "js-yaml";
import { describe, expect, test } from "vitest";
import { collect } from "../../src/collect/collect.ts";
import { savedCluster } from "../../src/collect/saved-cluster.ts";
import { silent } from "../../src/domain/progress.ts";
import type { Query } from "../../src/domain/query.ts";
import {
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

const uid = "11111111-1111-4111-8111-111111111111";
const image = "registry.example.com/shop/web:v1";
const objects: readonly Sample[] = [
  podObject({ name: "web-1", uid, secrets: ["regcred", "lost"] }),
  podObject({ name: "ok", state: running }),
  eventObject({ uid, reason: "Failed", message: `Failed to pull image "${image}": 401 Unauthorized` }),
  secretObject("regcred"),
  serviceAccountObject(),
  nodeObject(),
];
const list = (items: readonly Sample[]) => ({ apiVersion: "v1", kind: "List", items });
const failing: Query = { subject: { kind: "failing" }, namespace: "shop", probe: false };

async function look(texts: readonly string[], query: Query = failing) {
  return collect(query, await savedCluster(texts), silent, new AbortController().signal);
}

describe("what kubectl get saved gives the same facts as the cluster", () => {
  const whole = {
    targets: [{ pod: "web-1", failures: [{ source: "event" }, { source: "status" }] }],
    gaps: [],
  };

  test.each<[string, readonly string[]]>([
    ["as one JSON List", [JSON.stringify(list(objects))]],
    ["as one YAML List", [dump(list(objects))]],
    ["as documents of one YAML file", [objects.map((object) => dump(list([object]))).join("---\n")]],
    ["as several files", objects.map((object, index) => (index % 2 ? dump : JSON.stringify)(list([object])))],
    ["as several JSON texts in one", [objects.map((object) => JSON.stringify(list([object]))).join("\n---\n")]],
    ["with a byte order mark", [`\ufeff${JSON.stringify(list(objects))}`]],
  ])("%s", async (_, texts) => {
    const facts = await look(texts);
    expect(facts).toMatchObject(whole);
    expect(facts.secrets.get("shop/regcred")).toMatchObject({ kind: "found", value: { name: "regcred" } });
    expect(facts.secrets.get("shop/lost")).toEqual({ kind: "absent" });
    expect(facts.nodes.get("node1")).toMatchObject({ kind: "found" });
  });

  test("as typed lists, whose items do not say their kind", async () => {
    const { kind: _kind, apiVersion: _version, ...pod } = podObject();
    const facts = await look([JSON.stringify({ kind: "PodList", apiVersion: "v1", items: [pod] })]);
    expect(facts.targets).toHaveLength(1);
  });

  test("and a pod that fails while Running is found without Events", async () => {
    const pod = podObject({ phase: "Running", state: waitingFor("ErrImagePull", "not found") });
    const facts = await look([JSON.stringify(list([pod]))]);
    expect(facts.targets).toHaveLength(1);
    expect(facts.gaps.map(({ why }) => why)).toContain("the saved files hold no events");
  });

  test("for the pods of a Deployment", async () => {
    const owner = { kind: "Deployment", name: "web", uid: "d" };
    const facts = await look(
      [
        JSON.stringify(
          list([
            workloadObject({ kind: "Deployment", name: "web", uid: "d" }),
            workloadObject({ kind: "ReplicaSet", name: "web-1", uid: "rs", labels: { app: "web" }, owner }),
            podObject({ labels: { app: "web" }, owner: { kind: "ReplicaSet", name: "web-1", uid: "rs" } }),
          ]),
        ),
      ],
      { ...failing, subject: { kind: "named", resources: [{ type: "deployment", name: "web" }] } },
    );
    expect(facts.targets).toHaveLength(1);
  });
});

describe("what the files do not hold", () => {
  test("is not said to be missing where its neighbours were not saved", async () => {
    const facts = await look([JSON.stringify(list([podObject({ secrets: ["regcred"] })]))]);
    expect(facts.secrets.get("shop/regcred")).toEqual({
      kind: "unasked",
      why: "the saved files hold no list of secrets of namespace shop",
    });
  });

  test("is not said to be missing because one Secret was saved by name, or another namespace's", async () => {
    const pod = JSON.stringify(podObject({ secrets: ["regcred"] }));
    const single = await look([pod, JSON.stringify(secretObject("another"))]);
    expect(single.secrets.get("shop/regcred")?.kind).toBe("unasked");
    const elsewhere = await look([pod, JSON.stringify(list([secretObject("another", "test")]))]);
    expect(elsewhere.secrets.get("shop/regcred")?.kind).toBe("unasked");
  });
});

test("Secrets of other namespaces are found in the files, too", async () => {
  const secrets = [secretObject("regcred", "other"), secretObject("spare", "third")];
  const facts = await look([JSON.stringify(list([podObject({ secrets: ["regcred"] }), ...secrets]))]);
  expect(facts.namesakes).toEqual([{ namespace: "other", name: "regcred" }]);
  expect(facts.otherSecrets.map(({ name }) => name)).toEqual(["regcred", "spare"]);
});

test("the namespace is the one that the saved pods share", async () => {
  expect((await savedCluster([JSON.stringify(list(objects))])).namespace).toBe("shop");
  expect((await savedCluster([JSON.stringify(list(objects))], "other")).namespace).toBe("other");
  const two = list([podObject(), podObject({ namespace: "test" })]);
  expect((await savedCluster([JSON.stringify(two)])).namespace).toBe("default");
});

test.each([
  ["no YAML", "a: [", /is not valid YAML or JSON/],
  ["nothing known", "kind: ConfigMap\nmetadata: {name: x}\n", /hold no pods/],
  ["nothing", "", /hold no pods/],
])("%s is a known error", async (_, text, expected) => {
  await expect(savedCluster([text])).rejects.toMatchObject({
    code: "cluster-unreadable",
    message: expect.stringMatching(expected),
  });
});
