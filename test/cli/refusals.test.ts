import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import {
  eventObject,
  nodeObject,
  podObject,
  running,
  type Sample,
  secretObject,
  serviceAccountObject,
  workloadObject,
} from "../collect/sample-objects.ts";
import { type ApiServer, startApiServer } from "../support/api-server.ts";
import { writeKubeconfig } from "../support/kubeconfig.ts";
import { runMain } from "../support/run-cli.ts";

const image = "registry.example.com/shop/web:v1";

/** A workload of each kind, each with a failing pod, and a Deployment whose pods are refused. */
const objects: readonly Sample[] = [
  nodeObject(),
  serviceAccountObject(),
  secretObject("regcred"),
  workloadObject({ kind: "Deployment", name: "web", uid: "d" }),
  workloadObject({
    kind: "ReplicaSet",
    name: "web-1",
    uid: "rs",
    labels: { app: "web" },
    owner: { kind: "Deployment", name: "web", uid: "d" },
  }),
  podOf("ReplicaSet", "web-1", "rs", "web"),
  workloadObject({ kind: "StatefulSet", name: "db", uid: "ss" }),
  podOf("StatefulSet", "db", "ss", "db"),
  workloadObject({ kind: "DaemonSet", name: "agent", uid: "ds" }),
  podOf("DaemonSet", "agent", "ds", "agent"),
  workloadObject({ kind: "CronJob", name: "backup", uid: "cj" }),
  workloadObject({
    kind: "Job",
    name: "backup-29384756",
    uid: "j",
    owner: { kind: "CronJob", name: "backup", uid: "cj" },
  }),
  podOf("Job", "backup-29384756", "j", "backup-29384756"),
  podObject({ name: "well", uid: "w", labels: { app: "well" }, state: running }),
  workloadObject({ kind: "Deployment", name: "signed", uid: "d2", present: 0 }),
  workloadObject({
    kind: "ReplicaSet",
    name: "signed-1",
    uid: "rs2",
    labels: { app: "signed" },
    owner: { kind: "Deployment", name: "signed", uid: "d2" },
    present: 0,
  }),
  eventObject({
    kind: "ReplicaSet",
    name: "signed-1",
    uid: "rs2",
    reason: "FailedCreate",
    message: 'Error creating: admission webhook "images.example.com" denied the request: no matching signatures',
  }),
];

function podOf(kind: string, name: string, uid: string, app: string): Sample {
  return podObject({
    name: `${name}-0`,
    uid: `pod-of-${uid}`,
    labels: { app },
    owner: { kind, name, uid },
    image,
    secrets: ["regcred"],
  });
}

interface Outcome {
  readonly code: number;
  readonly found: number;
  /** What could not be seen. */
  readonly gaps: string;
}

async function run(argv: readonly string[], arrange: (server: ApiServer) => void = () => {}): Promise<Outcome> {
  const directory = await mkdtemp(join(tmpdir(), "imagedoctor-refusals-"));
  await using server = await startApiServer({ objects });
  arrange(server);
  try {
    const kubeconfig = await writeKubeconfig(server, directory, { namespace: "shop" });
    const { code, stdout, stderr } = await runMain([...argv, "--no-probe", "-o", "json", "--kubeconfig", kubeconfig]);
    if (stdout === "") return { code, found: 0, gaps: stderr };
    const report: { diagnoses: { containers: unknown[] }[]; gaps: { what: string; why: string }[] } =
      JSON.parse(stdout);
    return {
      code,
      found: report.diagnoses.flatMap(({ containers }) => containers).length,
      gaps: report.gaps.map(({ what, why }) => `${what}: ${why}`).join("; "),
    };
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
}

const forms: readonly (readonly [form: readonly string[], found: number])[] = [
  [["web-1-0"], 1],
  [["pod/web-1-0", "deploy/web"], 1],
  [["deployment", "web"], 1],
  [["sts/db"], 1],
  [["ds", "agent"], 1],
  [["rs/web-1"], 1],
  [["job/backup-29384756"], 1],
  [["cj/backup"], 1],
  [["deploy/signed"], 1],
  [["-l", "app in (web, db)"], 2],
  [["deploy", "-l", "app=web"], 1],
  [["sts", "-A", "-l", "app=db"], 1],
  [["deploy,sts", "-n", "shop", "web", "db"], 0],
  [[], 5],
  [["-A"], 5],
];

describe("each form of target", () => {
  test.each(forms.filter(([, found]) => found > 0))("kubectl imagedoctor %j", async (argv, found) => {
    expect(await run(argv)).toEqual({ code: 1, found, gaps: "" });
  });

  test("a name that only one of two types has is told of, and the other is one clear sentence", async () => {
    const { code, gaps } = await run(["deploy,sts", "web"]);
    expect({ code, gaps }).toEqual({
      code: 1,
      gaps: expect.stringContaining("there is no statefulset web in namespace shop"),
    });
  });
});

/** What a refused list or get leaves: the exit code, and what is named as not seen. */
const refusals: readonly (readonly [resource: string, argv: readonly string[], code: number, gap: RegExp])[] = [
  ["pods", ["web-1-0"], 3, /not allowed to get pods in namespace shop/],
  ["pods", ["web-1-0", "db-0"], 3, /pod shop\/web-1-0: not allowed to get pods/],
  ["pods", ["deploy/web"], 3, /pods in namespace shop: not allowed to list pods/],
  ["pods", ["cj/backup"], 3, /not allowed to list pods/],
  ["pods", ["-l", "app=web"], 3, /not allowed to list pods/],
  ["pods", [], 3, /not allowed to list pods/],
  ["pods", ["-A"], 3, /not allowed to list pods in the whole cluster/],
  ["pods", ["deploy/signed"], 1, /not allowed to list pods/],
  ["events", ["web-1-0"], 1, /events in namespace shop: not allowed to list events/],
  ["events", ["-A"], 1, /events in all namespaces: not allowed to list events/],
  ["events", ["deploy/signed"], 3, /not allowed to list events/],
  ["secrets", ["web-1-0"], 1, /not allowed to get secrets/],
  ["serviceaccounts", ["web-1-0"], 1, /not allowed to get serviceaccounts/],
  ["nodes", ["web-1-0"], 1, /not allowed to get nodes/],
  ["deployments", ["deploy/web"], 3, /not allowed to get deployments/],
  ["deployments", ["deploy", "-l", "app=web"], 3, /not allowed to list deployments/],
  ["replicasets", ["deploy/web"], 1, /^$/],
  ["replicasets", ["deploy/signed"], 3, /replicasets in namespace shop: not allowed to list replicasets/],
  ["replicasets", ["-A"], 1, /ReplicaSet shop\/signed-1, whose pods were refused: not allowed to get replicasets/],
  ["statefulsets", ["sts/db"], 3, /not allowed to get statefulsets/],
  ["daemonsets", ["ds/agent"], 3, /not allowed to get daemonsets/],
  ["jobs", ["job/backup-29384756"], 3, /not allowed to get jobs/],
  ["jobs", ["cj/backup"], 3, /not allowed to list jobs/],
  ["jobs", ["backup-29384756-0"], 1, /^$/],
  ["cronjobs", ["cj/backup"], 3, /not allowed to get cronjobs/],
];

describe("a read that is not allowed is named, and never taken for health", () => {
  test.each(refusals)("%s, asked for %j: exit code %d", async (resource, argv, code, gap) => {
    const outcome = await run(argv, (server) => server.deny({ resource }));
    expect(outcome).toMatchObject({ code, gaps: expect.stringMatching(gap) });
  });

  test.each(forms)("nothing at all is allowed, asked for %j", async (argv) => {
    expect(await run(argv, (server) => server.deny({}))).toMatchObject({
      code: 3,
      found: 0,
      gaps: expect.stringContaining("not allowed to"),
    });
  });

  test("a healthy pod beside one that may not be read is not all is well", async () => {
    const outcome = await run(["well", "db-0"], (server) => server.deny({ resource: "pods", name: "db-0" }));
    expect(outcome).toMatchObject({ code: 3, gaps: expect.stringContaining("pod shop/db-0: not allowed to get pods") });
  });
});
