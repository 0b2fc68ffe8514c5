import { unlink, writeFile } from "node:fs/promises";
import { forgetParser } from "undici/lib/dispatcher/client-h1.js";
import { runComplete } from "../../src/cli/complete.ts";
import { main } from "../../src/cli/main.ts";
import { runProcess } from "../../src/cli/run-process.ts";
import { runVersion } from "../../src/cli/run-version.ts";
import type { World } from "../../src/cli/world.ts";
import { recogniseText } from "../../src/interpret/recognise-failure.ts";
import { namespace, pods } from "./api-answers.ts";
import { webAssembly } from "./llhttp-stand-in.ts";
import { standIns } from "./stand-ins.ts";

/**
 * Runs what a diagnosis runs, from the command line to the report, so that it is compiled: on a made-up pod, and with no
 * socket, timer or random number, which a snapshot cannot hold. What is not run here is compiled when it is first used.
 */
export async function warmUp(): Promise<void> {
  runVersion([], world());
  await runComplete(["--output", ""], world(), true);
  await main(["--help"], world());
  // A message that nothing is known of is compared with every wording.
  recogniseText("something else happened");
  await runStart();
  const [kubeconfig, authority] = ["warm-up.kubeconfig", "warm-up.pem"];
  await writeFile(kubeconfig, kubeconfigText);
  await writeFile(authority, "-----BEGIN CERTIFICATE-----\n");
  const back = replaceGlobals();
  try {
    for (const pod of pods) {
      const told: string[] = [];
      const cluster = ["-n", namespace, "--kubeconfig", kubeconfig];
      const registry = ["--registry-ca", authority, "--resolve", "registry.example:192.0.2.1"];
      const code = await main([pod, ...cluster, ...registry], world(told));
      if (code !== 1) throw new Error(`the warm-up's ${pod} ended with ${code}: ${told.join("")}`);
    }
  } finally {
    back();
    for (const file of [kubeconfig, authority]) await unlink(file);
  }
}

/** The start and the end of the process, with `version` between them; nothing of the process that builds is kept. */
async function runStart(): Promise<void> {
  const real = Object.getOwnPropertyDescriptor(globalThis, "process") ?? {};
  const { promise: ended, resolve: exit } = Promise.withResolvers<unknown>();
  const stream = {
    on: () => {},
    write: (_text: string, done?: () => void) => done?.(),
  };
  const made = { argv: ["", "", "version"], argv0: "kubectl-imagedoctor", env: {}, platform: "", arch: "" };
  Object.defineProperty(globalThis, "process", {
    configurable: true,
    value: { ...made, stdout: stream, stderr: stream, exit, on: () => {}, getActiveResourcesInfo: () => [] },
  });
  try {
    runProcess();
    await ended;
  } finally {
    Object.defineProperty(globalThis, "process", real);
  }
}

/** A timer keeps when it was set, and the clock what it was asked last: the snapshot would be another each time. */
function replaceGlobals(): () => void {
  const { setTimeout } = globalThis;
  const { any } = AbortSignal;
  const { hrtime } = process;
  process.hrtime = Object.assign((): [number, number] => [0, 0], { bigint: () => 0n });
  Object.assign(globalThis, { setTimeout: () => undefined, imagedoctorStandIns: standIns, WebAssembly: webAssembly });
  AbortSignal.any = ([first = any([])]) => first;
  return () => {
    Object.assign(globalThis, { setTimeout });
    AbortSignal.any = any;
    process.hrtime = hrtime;
    for (const name of ["imagedoctorStandIns", "WebAssembly"]) Reflect.deleteProperty(globalThis, name);
    forgetParser();
  };
}

const kubeconfigText = `
apiVersion: v1
kind: Config
current-context: a
contexts:
- name: a
  context: {cluster: a, user: a, namespace: ${namespace}}
clusters:
- name: a
  cluster: {server: 'https://api.example:6443', certificate-authority-data: bm9uZQ==}
users:
- name: a
  user: {token: none}
`;

function world(told: string[] = []): World {
  const stream = {
    write: (text: string) => {
      told.push(text);
      return true;
    },
    columns: 80,
  };
  return {
    stdout: stream,
    stderr: stream,
    stdin: (async function* none() {})(),
    env: {},
    now: () => Date.parse("2026-01-01T00:00:00Z"),
    calledAs: "kubectl-imagedoctor",
    cwd: ".",
    platform: "",
    interrupt: new AbortController().signal,
  };
}
