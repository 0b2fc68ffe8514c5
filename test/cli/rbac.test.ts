import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { loadAll } from "js-yaml";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { rbacManifest } from "../../src/cli/rbac.ts";
import { nodeObject, podObject, secretObject, serviceAccountObject } from "../collect/sample-objects.ts";
import { type ApiServer, startApiServer } from "../support/api-server.ts";
import type { ApiRequest } from "../support/api-server-faults.ts";
import { writeKubeconfig } from "../support/kubeconfig.ts";
import { runMain } from "../support/run-cli.ts";

interface Role {
  readonly kind: string;
  readonly metadata: { readonly name: string; readonly namespace?: string };
  readonly rules: readonly { readonly apiGroups: string[]; readonly resources: string[]; readonly verbs: string[] }[];
}

const [role, clusterRole, ...others] = loadAll(rbacManifest("shop")) as Role[];
if (role === undefined || clusterRole === undefined) throw new Error("no roles");

/** Whether one of the roles allows a request, as RBAC decides it. */
function allowed({ verb, resource, namespace }: ApiRequest): boolean {
  const rules = [...(clusterRole?.rules ?? []), ...(namespace === "shop" ? (role?.rules ?? []) : [])];
  return rules.some(({ resources, verbs }) => resources.includes(resource) && verbs.includes(verb));
}

describe("the smallest role", () => {
  let directory: string;
  let server: ApiServer;
  let kubeconfig: string;

  beforeAll(async () => {
    directory = mkdtempSync(path.join(tmpdir(), "rbac-"));
    const uid = (kind: string) => `uid-${kind}`;
    const workload = (kind: string, apiVersion: string, owner?: string) => ({
      apiVersion,
      kind,
      metadata: {
        name: kind.toLowerCase(),
        namespace: "shop",
        uid: uid(kind),
        ...(owner === undefined
          ? {}
          : { ownerReferences: [{ kind: owner, name: owner.toLowerCase(), uid: uid(owner), controller: true }] }),
      },
      spec: {
        selector: { matchLabels: { app: kind } },
        template: { metadata: { labels: { app: kind } }, spec: { containers: [{ name: "app", image: "web:v1" }] } },
      },
    });
    const image = "registry.example.invalid/shop/web:v1";
    const podOf = (kind: string) =>
      podObject({
        name: `${kind.toLowerCase()}-1`,
        image,
        secrets: ["regcred"],
        labels: { app: kind },
        owner: { kind, name: kind.toLowerCase(), uid: uid(kind) },
      });
    server = await startApiServer({
      objects: [
        podObject({ name: "web-1", image, secrets: ["regcred"] }),
        secretObject("regcred"),
        serviceAccountObject(),
        nodeObject(),
        workload("Deployment", "apps/v1"),
        workload("ReplicaSet", "apps/v1", "Deployment"),
        workload("StatefulSet", "apps/v1"),
        workload("DaemonSet", "apps/v1"),
        workload("CronJob", "batch/v1"),
        workload("Job", "batch/v1", "CronJob"),
        ...["ReplicaSet", "StatefulSet", "DaemonSet", "Job"].map(podOf),
      ],
    });
    kubeconfig = await writeKubeconfig(server, directory, { namespace: "shop" });
  });
  afterAll(async () => {
    rmSync(directory, { recursive: true });
    await server.close();
  });

  test("is a Role for the namespace and a ClusterRole for nodes, of reads alone", () => {
    expect([role.kind, role.metadata, clusterRole.kind, others]).toEqual([
      "Role",
      { name: "imagedoctor", namespace: "shop" },
      "ClusterRole",
      [],
    ]);
    const verbs = [...role.rules, ...clusterRole.rules].flatMap((rule) => rule.verbs);
    expect(new Set(verbs)).toEqual(new Set(["get", "list", "watch"]));
  });

  test("allows every read that the program makes, but the list of Secrets, and nothing that it never makes", async () => {
    const env = { KUBECONFIG: kubeconfig };
    const run = (...argv: string[]) => runMain([...argv, "--no-probe"], { env });
    await run("web-1");
    await run();
    await run("-l", "app=Job");
    await run("--image", "registry.example.invalid/shop/web:v1");
    for (const kind of ["deployment", "replicaset", "statefulset", "daemonset", "job", "cronjob"]) {
      await run(`${kind}/${kind}`);
      await run(kind, "-l", "app=x");
    }
    const interrupt = new AbortController();
    const watching = runMain(["web-1", "--no-probe", "--watch"], { env, interrupt: interrupt.signal });
    while (!server.requests.some(({ verb }) => verb === "watch") && server.openWatches === 0) {
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
    interrupt.abort();
    await watching;

    const made = new Set(server.requests.map(({ verb, resource }) => `${verb} ${resource}`));
    const beyond = server.requests.filter((request) => !allowed(request) && request.resource !== "");
    const extra = new Set(beyond.map(({ verb, resource }) => `${verb} ${resource}`));
    expect([...extra].filter((one) => one !== "list secrets")).toEqual([]);

    const granted = [...role.rules, ...clusterRole.rules].flatMap(({ resources, verbs }) =>
      resources.flatMap((resource) => verbs.map((verb) => `${verb} ${resource}`)),
    );
    expect(granted.filter((one) => !made.has(one))).toEqual([]);
  });
});
