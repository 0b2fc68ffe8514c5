import { execFileSync } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { startApiServer } from "../test/support/api-server.ts";
import type { ApiObject } from "../test/support/api-server-objects.ts";
import { writeKubeconfig } from "../test/support/kubeconfig.ts";
import { resolveFlags } from "../test/support/registry-names.ts";
import { startTown, type TownSpec } from "../test/support/registry-town.ts";
import { compareByHand } from "./bench/by-hand.ts";
import { compare, measure, median, type Ratio, type Run } from "./measure-process.ts";
import { hostPlatform } from "./package-platforms.ts";

/**
 * Prints ratios, measured in turn on this machine: start-up against an empty executable built the same way, one pod's
 * diagnosis against `kubectl describe pod`, and `-A` against `kubectl get pods -A` on a cluster of 10,000 and of 20,000 pods.
 * `npm run bench -- --runs 15 --pods 10000`.
 */
const runs = numberAfter("--runs", 9);
const healthy = numberAfter("--pods", 10_000);
const directory = mkdtempSync(join(tmpdir(), "imagedoctor-bench-"));
try {
  await bench();
} finally {
  rmSync(directory, { recursive: true, force: true });
}

async function bench(): Promise<void> {
  // By another process: what this one has in memory is copied, page by page, for each command that it starts. And in a place of
  // their own, written in the same way: how a file got into the system's cache makes a difference of 1 ms.
  execFileSync(process.execPath, ["scripts/bench/make-executables.ts", directory], { stdio: "inherit" });
  const doctor = join(directory, "doctor", hostPlatform().executable);
  const empty = join(directory, "empty", hostPlatform().executable);
  const env = { PATH: process.env["PATH"] ?? "", HOME: directory };
  print("version / empty executable", await compare([doctor, "version"], [empty], runs, env));
  print("__complete / empty executable", await compare([doctor, "__complete", "-o", ""], [empty], runs, env));
  const kubectl = onPath("kubectl");
  if (kubectl === undefined) console.log("no kubectl on PATH: nothing to compare a diagnosis with");
  else await benchCluster(doctor, kubectl, env);
}

function print(name: string, ratio: Ratio): void {
  const memory =
    Number.isFinite(ratio.memory) && ratio.memory > 0
      ? `, memory ${ratio.memory.toFixed(2)} (${mebibytes(ratio.memoryA)} MiB against ${mebibytes(ratio.memoryB)})`
      : "";
  console.log(
    `${name}: ${ratio.time.toFixed(2)}${memory}  (${ratio.a.toFixed(0)} ms against ${ratio.b.toFixed(0)} ms, at best ${ratio.bestA.toFixed(0)} against ${ratio.bestB.toFixed(0)})`,
  );
}

function mebibytes(bytes: number): string {
  return (bytes / 1_048_576).toFixed(0);
}

async function benchCluster(doctor: string, kubectl: string, env: Readonly<Record<string, string>>): Promise<void> {
  const story = JSON.parse(readFileSync("test/stories/token-badpw/cluster.json", "utf8")) as {
    readonly items: ApiObject[];
  };
  const { registries } = JSON.parse(readFileSync("test/stories/token-badpw/registry.json", "utf8")) as {
    readonly registries: TownSpec;
  };
  await using town = await startTown(registries);
  {
    await using server = await startApiServer({ objects: story.items });
    const kubeconfig = await writeKubeconfig(server, directory);
    const flags = ["--kubeconfig", kubeconfig, "-n", "lab"];
    const one = [
      doctor,
      "token-badpw",
      ...flags,
      "--registry-ca",
      town.authorityFile,
      ...resolveFlags(town.names),
    ] as const;
    const told = await measure([...one], env);
    if (told.code !== 1) throw new Error(`the diagnosis ended with ${told.code}`);
    print(
      "one pod / kubectl describe pod",
      await compare([...one], [kubectl, "describe", "pod", "token-badpw", ...flags], runs, env),
    );
  }
  const skopeo = onPath("skopeo");
  if (skopeo === undefined) console.log("no skopeo on PATH: nothing to do by hand");
  else {
    const programs = { doctor, kubectl, skopeo };
    const name = "one pod / describe pod + get secret + skopeo inspect";
    print(name, await compareByHand(programs, directory, runs, env));
    print(`${name}, 20 ms away`, await compareByHand(programs, directory, runs, env, 20));
  }
  const times: number[] = [];
  for (const pods of [healthy, 2 * healthy]) {
    await using server = await startApiServer({ objects: clusterOf(pods) });
    const kubeconfig = await writeKubeconfig(server, directory);
    const all = [doctor, "-A", "--no-probe", "--kubeconfig", kubeconfig] as const;
    const ratio = await compare([...all], [kubectl, "get", "pods", "-A", "--kubeconfig", kubeconfig], 3, env);
    print(`-A / kubectl get pods -A, ${pods} healthy and 300 failing`, ratio);
    const before = server.requests.length;
    const again: Run[] = [];
    for (let run = 0; run < 5; run += 1) again.push(await measure([...all], env));
    if (again.some((each) => each.code !== 1)) throw new Error("not every run of -A found the failing pods");
    const asked = server.requests.slice(before);
    console.log(
      `  ${asked.length / again.length} requests, ${Math.round(asked.reduce((sum, each) => sum + each.bytes, 0) / again.length / 1024)} KiB`,
    );
    times.push(median(again.map((each) => each.milliseconds)));
  }
  console.log(`doubled cluster / single: ${((times[1] ?? 0) / (times[0] ?? 1)).toFixed(2)}`);
}

/** Healthy pods with the fields a real one has, and 300 failing ones over 60 images, with the Events of their kubelet. */
function clusterOf(pods: number): { kind: string; metadata: { name: string; namespace?: string } }[] {
  const objects: { kind: string; metadata: { name: string; namespace?: string } }[] = [];
  for (let index = 0; index < pods; index += 1) objects.push(pod(index, undefined));
  for (let index = 0; index < 300; index += 1) {
    const image = `registry.example.com/team/app-${index % 60}:v1`;
    const failing = pod(pods + index, image);
    objects.push(failing, event(failing, image));
  }
  return objects;
}

function pod(index: number, failingImage: string | undefined) {
  const image = failingImage ?? `registry.example.com/ok/app-${index % 100}:v1`;
  const state =
    failingImage === undefined
      ? { running: { startedAt: "2026-11-24T02:22:27Z" } }
      : { waiting: { reason: "ImagePullBackOff", message: `Back-off pulling image "${image}"` } };
  return {
    apiVersion: "v1",
    kind: "Pod",
    metadata: {
      name: `pod-${index}`,
      namespace: `ns-${index % 20}`,
      uid: `00000000-0000-4000-8000-${String(index).padStart(12, "0")}`,
      creationTimestamp: "2026-11-24T02:22:21Z",
      labels: { app: `app-${index % 100}`, "pod-template-hash": "7d47bddd98" },
      annotations: { "example.com/config-hash": "b".repeat(64) },
    },
    spec: {
      nodeName: `node-${index % 50}`,
      serviceAccountName: "default",
      containers: [
        {
          name: "app",
          image,
          imagePullPolicy: "IfNotPresent",
          env: Array.from({ length: 8 }, (_, at) => ({ name: `SETTING_${at}`, value: "x".repeat(40) })),
          resources: { requests: { cpu: "100m", memory: "128Mi" }, limits: { memory: "256Mi" } },
        },
      ],
    },
    status: {
      phase: failingImage === undefined ? "Running" : "Pending",
      conditions: [{ type: "Ready", status: failingImage === undefined ? "True" : "False" }],
      containerStatuses: [
        { name: "app", image, imageID: "", ready: failingImage === undefined, restartCount: 0, state },
      ],
    },
  };
}

function event(of: ReturnType<typeof pod>, image: string) {
  return {
    apiVersion: "v1",
    kind: "Event",
    metadata: { name: `${of.metadata.name}.1`, namespace: of.metadata.namespace, uid: `e-${of.metadata.uid}` },
    involvedObject: {
      apiVersion: "v1",
      kind: "Pod",
      name: of.metadata.name,
      namespace: of.metadata.namespace,
      uid: of.metadata.uid,
      fieldPath: "spec.containers{app}",
    },
    reason: "Failed",
    message: `Failed to pull image "${image}": rpc error: code = NotFound desc = failed to pull and unpack image "${image}": failed to resolve reference "${image}": ${image}: not found`,
    source: { component: "kubelet", host: of.spec.nodeName },
    firstTimestamp: "2026-11-24T02:22:27Z",
    lastTimestamp: "2026-11-24T02:32:27Z",
    count: 4,
    type: "Warning",
  };
}

function numberAfter(flag: string, otherwise: number): number {
  const at = process.argv.indexOf(flag);
  return at < 0 ? otherwise : Number(process.argv[at + 1]);
}

function onPath(name: string): string | undefined {
  return (process.env["PATH"] ?? "")
    .split(delimiter)
    .map((each) => join(each, name))
    .find((file) => existsSync(file));
}
