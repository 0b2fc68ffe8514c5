import { spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { startApiServer } from "../test/support/api-server.ts";
import { startTown } from "../test/support/registry-town.ts";
import { writeKubeconfig } from "../test/support/story-kubeconfig.ts";
import { reachableCluster } from "./demo/own-cluster.ts";
import { demoObjects, pods, registries } from "./demo/pods.ts";

/**
 * Shows the program at work with nothing but Node: a stand-in for a cluster and registries start on loopback, and the real
 * program diagnoses the pods one by one. A word after `--` picks pods by name. Exit code 0 if each run ended as it must.
 */
async function demo(argv: readonly string[]): Promise<number> {
  const own = await reachableCluster();
  const directory = mkdtempSync(join(tmpdir(), "imagedoctor-demo-"));
  await using api = await startApiServer({ objects: demoObjects() });
  await using town = await startTown(registries);
  const kubeconfig = join(directory, "kubeconfig");
  writeKubeconfig(kubeconfig, api, { context: "demo", namespace: "demo" });
  const interrupt = new AbortController();
  process.once("SIGINT", () => interrupt.abort());
  // A reader that goes away (`| head`) ends the demo as Ctrl-C does.
  process.stdout.on("error", () => interrupt.abort());
  try {
    say(
      `A demo cluster listens at ${api.url}, and ${town.names.size} registries, token servers and blob stores beside it.`,
      "KUBECONFIG and NODE_EXTRA_CA_CERTS point there; names under demo.test resolve to this machine.",
      "What follows is what the program prints; nothing leaves this machine.",
    );
    const env = {
      ...process.env,
      KUBECONFIG: kubeconfig,
      NODE_EXTRA_CA_CERTS: town.authorityFile,
      DEMO_NAMES: [...town.names].map(([host, address]) => `${host}=${address}`).join(","),
    };
    let wrong = 0;
    for (const pod of pods.filter(({ name }) => argv.every((word) => name.includes(word)))) {
      if (interrupt.signal.aborted) return 130;
      say("", `$ kubectl imagedoctor ${pod.name}`, "");
      const code = await runProgram([pod.name], env);
      if (code !== (pod.error === undefined ? 0 : 1)) wrong += 1;
    }
    say("", "That was the demo. Against your own cluster: kubectl imagedoctor POD");
    if (own !== undefined) {
      say(`Your kubeconfig reaches ${own.server} (context ${own.context}). To look at every failing pod there:`);
      say("  npm run --silent start -- --all-namespaces");
    }
    return wrong === 0 ? 0 : 1;
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}

const preload = import.meta.resolve("./demo/resolve-names.ts");
const entry = join(import.meta.dirname, "..", "src", "cli", "entry.ts");

/** Runs the program on this terminal, so that it prints as it would for a user. */
function runProgram(argv: readonly string[], env: NodeJS.ProcessEnv): Promise<number> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, ["--import", preload, entry, ...argv], {
      env,
      stdio: ["ignore", "inherit", "inherit"],
    });
    child.on("error", reject);
    child.on("close", (code) => resolve(code ?? 1));
  });
}

function say(...lines: readonly string[]): void {
  for (const line of lines) console.log(line);
}

process.exitCode = await demo(process.argv.slice(2));
