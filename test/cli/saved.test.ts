import { describe, expect, test } from "vitest";
import { eventObject, podObject, type Sample, workloadObject } from "../collect/sample-objects.ts";
import { runMain } from "../support/run-cli.ts";

const list = (...items: Sample[]) => JSON.stringify({ apiVersion: "v1", kind: "List", items });

async function look(text: string, ...argv: string[]) {
  const { code, stdout, stderr } = await runMain([...argv, "--from", "-", "--no-probe", "-o", "json"], { stdin: text });
  if (stdout === "") return { code, said: stderr };
  const report: {
    target: { namespace?: string; subject: string };
    diagnoses: { containers: { pod?: string }[] }[];
    gaps: { what: string }[];
  } = JSON.parse(stdout);
  const pods = report.diagnoses.flatMap(({ containers }) => containers.map(({ pod }) => pod)).sort();
  return {
    code,
    pods,
    where: report.target.namespace,
    subject: report.target.subject,
    gaps: report.gaps.map(({ what }) => what),
  };
}

const two = list(podObject({ name: "a", namespace: "shop" }), podObject({ name: "b", namespace: "bank" }));

describe("saved files", () => {
  test("of several namespaces are looked through as a whole, unless one is named", async () => {
    expect(await look(two)).toMatchObject({ code: 1, pods: ["a", "b"], subject: "failing pods of all namespaces" });
    expect(await look(two, "-l", "app=web")).toMatchObject({ code: 1, pods: ["a", "b"] });
    expect(await look(two, "-n", "bank")).toMatchObject({ code: 1, pods: ["b"], where: "bank" });
    expect(await look(two, "-n", "bank", "b")).toMatchObject({ code: 1, pods: ["b"] });
    expect(await look(two, "a")).toEqual({ code: 2, said: expect.stringContaining("Add -n with one of: shop, bank.") });
  });

  test("of one namespace are of that one, whatever it is called", async () => {
    const one = list(podObject({ name: "a", namespace: "shop" }));
    expect(await look(one)).toMatchObject({ code: 1, pods: ["a"], where: "shop" });
    expect(await look(one, "a")).toMatchObject({ code: 1, pods: ["a"] });
  });

  test("say which workloads' pods were refused, though the workloads were not saved", async () => {
    const refused = eventObject({
      kind: "ReplicaSet",
      name: "web-1",
      uid: "rs",
      reason: "FailedCreate",
      message: "Error creating: exceeded quota",
    });
    expect(await look(list(podObject({ name: "ok", state: { running: {} } }), refused))).toMatchObject({
      code: 3,
      gaps: ["ReplicaSet shop/web-1, whose pods were refused"],
    });
    const set = workloadObject({ kind: "ReplicaSet", name: "web-1", uid: "rs", present: 0 });
    expect(await look(list(podObject({ name: "ok", state: { running: {} } }), refused, set))).toMatchObject({
      code: 1,
    });
  });

  test("without the workload that was named say what to save", async () => {
    expect(await look(two, "deploy/web", "-n", "shop")).toEqual({
      code: 3,
      said: expect.stringContaining("Save them too: kubectl get deployments,replicasets,jobs -o json"),
    });
  });
});
