import { spawn } from "node:child_process";
import { readFileSync } from "node:fs";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type ApiServer, startApiServer } from "./api-server.ts";
import { sharedAuthority } from "./certificates.ts";
import { writeKubeconfig } from "./kubeconfig.ts";
import type { LoadRegistries } from "./load-registries.ts";

/** What a run over a whole cluster said, took and held. */
export interface LoadRun {
  readonly code: number | null;
  readonly diagnoses: readonly {
    readonly code: string;
    readonly certainty: string;
    readonly image: string;
    readonly containers: readonly { readonly namespace: string; readonly pod: string }[];
  }[];
  readonly gaps: readonly { readonly what: string; readonly why: string }[];
  readonly stderr: string;
  readonly milliseconds: number;
  /** Largest resident memory of the process, in MiB; 0 where it cannot be read (other than Linux). */
  readonly memory: number;
  readonly server: ApiServer;
}

/** Failing pods, one for each given image, in 20 namespaces on 50 nodes, each with the Event of its kubelet. */
export function failingPods(
  images: readonly string[],
): { kind: string; metadata: { name: string; namespace: string } }[] {
  return images.flatMap((image, index) => {
    const namespace = `ns-${index % 20}`;
    const name = `pod-${index}`;
    const uid = `00000000-0000-4000-8000-${String(index).padStart(12, "0")}`;
    const said = `failed to pull and unpack image "${image}": failed to resolve reference "${image}": ${image}: not found`;
    const pod = {
      apiVersion: "v1",
      kind: "Pod",
      metadata: { name, namespace, uid, creationTimestamp: "2026-11-24T02:22:21Z", labels: { app: `app-${index}` } },
      spec: { nodeName: `node-${index % 50}`, serviceAccountName: "default", containers: [{ name: "app", image }] },
      status: {
        phase: "Pending",
        containerStatuses: [
          {
            name: "app",
            image,
            imageID: "",
            ready: false,
            restartCount: 0,
            state: { waiting: { reason: "ErrImagePull", message: `rpc error: code = NotFound desc = ${said}` } },
          },
        ],
      },
    };
    const event = {
      apiVersion: "v1",
      kind: "Event",
      metadata: { name: `${name}.1`, namespace, uid: `e-${uid}` },
      involvedObject: { apiVersion: "v1", kind: "Pod", name, namespace, uid, fieldPath: "spec.containers{app}" },
      reason: "Failed",
      message: `Failed to pull image "${image}": rpc error: code = NotFound desc = ${said}`,
      source: { component: "kubelet", host: `node-${index % 50}` },
      firstTimestamp: "2026-11-24T02:22:27Z",
      lastTimestamp: "2026-11-24T02:32:27Z",
      count: 4,
      type: "Warning",
    };
    return [pod, event];
  });
}

const entry = join(import.meta.dirname, "..", "..", "src", "cli", "entry.ts");

/** Runs the program with `-A -o json` in a process of its own on a cluster of these objects and these registries. */
export async function runLoad(
  objects: Parameters<typeof startApiServer>[0] & object,
  registries: Pick<LoadRegistries, "hosts">,
  {
    command = [process.execPath, entry],
    flags = [],
  }: { readonly command?: readonly string[]; readonly flags?: readonly string[] } = {},
): Promise<LoadRun> {
  const directory = await mkdtemp(join(tmpdir(), "imagedoctor-load-"));
  await using server = await startApiServer(objects);
  try {
    const authority = join(directory, "ca.pem");
    await writeFile(authority, (await sharedAuthority()).cert);
    const output = join(directory, "report.json");
    const [program = "", ...first] = command;
    const argv = ["-A", "-o", "json", "--output-file", output, "--registry-ca", authority, ...flags];
    const resolve = registries.hosts.flatMap((host) => ["--resolve", `${host.split(":")[0]}:127.0.0.1`]);
    const start = performance.now();
    const child = spawn(
      program,
      [...first, ...argv, ...resolve, "--kubeconfig", await writeKubeconfig(server, directory)],
      { env: { PATH: process.env["PATH"], HOME: directory }, stdio: ["ignore", "ignore", "pipe"] },
    );
    let memory = 0;
    const sample = setInterval(() => {
      memory = Math.max(memory, highWater(child.pid));
    }, 10);
    let stderr = "";
    child.stderr.setEncoding("utf8").on("data", (text) => {
      stderr += String(text);
    });
    const code = await new Promise<number | null>((done, fail) => child.on("error", fail).on("close", done));
    clearInterval(sample);
    const milliseconds = performance.now() - start;
    const report = JSON.parse(await readFile(output, "utf8").catch(() => '{"diagnoses":[],"gaps":[]}'));
    return { code, diagnoses: report.diagnoses, gaps: report.gaps, stderr, milliseconds, memory, server };
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
}

/** VmHWM, the high-water mark of resident memory. */
function highWater(pid: number | undefined): number {
  try {
    return Math.round(Number(/VmHWM:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, "utf8"))?.[1] ?? 0) / 1024);
  } catch {
    return 0;
  }
}
