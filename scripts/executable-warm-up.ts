import { runComplete } from "../src/cli/complete.ts";
import { drawingFor } from "../src/cli/drawing.ts";
import { flags } from "../src/cli/flags.ts";
import { main } from "../src/cli/main.ts";
import "../src/cli/open-query.ts";
import { parseOptions } from "../src/cli/options.ts";
import { reportOf } from "../src/cli/report-of.ts";
import "../src/cli/run-diagnose.ts";
import { runVersion } from "../src/cli/run-version.ts";
import type { World } from "../src/cli/world.ts";
import "../src/collect/kubernetes.ts";
import { savedCluster } from "../src/collect/saved-cluster.ts";
import { readDocuments } from "../src/collect/yaml-documents.ts";
import { diagnose } from "../src/diagnose.ts";
import type { Answer, Question } from "../src/domain/probe.ts";
import { silent } from "../src/domain/progress.ts";
import { recogniseText } from "../src/interpret/recognise-failure.ts";
import { parseChallenges } from "../src/probe/parse-challenge.ts";
import "../src/probe/prober.ts";
import { readTokenAnswer } from "../src/probe/read-token.ts";
import { render } from "../src/render/index.ts";
import "../src/render/text.ts";

const at = "2026-01-01T00:00:00Z";
const image = "registry.example:5000/shop/web:v1";
const text = `Failed to pull image "${image}": rpc error: code = Unknown desc = failed to pull and unpack image "${image}": failed to resolve reference "${image}": failed to authorize: failed to fetch oauth token: unexpected status from GET request to https://registry.example:5000/token: 401 Unauthorized`;

/**
 * Runs what a diagnosis runs, on a made-up pod, so that it is compiled: without files, sockets or random numbers, which a
 * snapshot cannot hold. What is not run here is compiled when it is first used.
 */
export async function warmUp(): Promise<void> {
  const world = silentWorld();
  runVersion([], world);
  await runComplete(["--output", ""], world, true);
  await main(["--help"], world);
  await readDocuments(
    "apiVersion: v1\nkind: Config\nclusters:\n- name: a\n  cluster: {server: 'https://127.0.0.1:6443'}\n",
  );
  parseChallenges([
    'Bearer realm="https://registry.example/token",service="registry",scope="repository:shop/web:pull"',
  ]);
  readTokenAnswer('{"token":"a","expires_in":300}', "GET");
  // A message that nothing is known of is compared with every wording.
  recogniseText("something else happened");
  const options = parseOptions(
    ["web", "-n", "shop", "--resolve", "registry.example:127.0.0.1"],
    flags,
    "kubectl imagedoctor",
  );
  const cluster = await savedCluster([JSON.stringify(objects())], "shop");
  const subject = { kind: "named", resources: [{ type: "pod", name: "web" }] } as const;
  const query = { subject, namespace: "shop", probe: true };
  const { setTimeout: kept } = globalThis;
  // A timer keeps when it was set, and the snapshot would be another each time.
  Object.assign(globalThis, { setTimeout: () => undefined });
  for (const answer of answers) {
    const findings = await diagnose(query, {
      cluster,
      openProber: async () => ({
        ask: async (questions) => questions.map((question) => ({ question, answer: answer(question), ladder: [] })),
        close: async () => {},
      }),
      progress: silent,
      now: at,
      signal: world.interrupt,
    });
    const report = reportOf(
      findings,
      { query, cluster, subject: "pod/web" },
      { argv: ["web"], program: "kubectl imagedoctor", world },
    );
    await render("text", report, drawingFor(world, options));
  }
  Object.assign(globalThis, { setTimeout: kept });
}

const answers: readonly ((question: Question) => Answer)[] = [
  ({ as }) => ({
    kind: "refused",
    step: "token",
    meaning: as.kind === "login" ? "login-refused" : "login-wanted",
    words: { status: 401, code: "UNAUTHORIZED", message: "authentication required" },
  }),
  () => ({
    kind: "refused",
    step: "manifest",
    meaning: "tag-absent",
    words: { status: 404, code: "MANIFEST_UNKNOWN" },
  }),
  () => ({ kind: "unreachable", step: "connect", fault: "connect-refused", host: "registry.example:5000" }),
];

function silentWorld(): World {
  const stream = { write: () => true, columns: 80 };
  return {
    stdout: stream,
    stderr: stream,
    stdin: (async function* none() {})(),
    env: {},
    now: () => Date.parse(at),
    calledAs: "kubectl-imagedoctor",
    cwd: "/",
    platform: "",
    interrupt: new AbortController().signal,
  };
}

function objects() {
  const config = { auths: { "registry.example:5000": { auth: Buffer.from("shop:none").toString("base64") } } };
  const pod = { namespace: "shop", name: "web", uid: "1" };
  const waiting = { reason: "ErrImagePull", message: text };
  const container = { name: "web", image };
  return {
    kind: "List",
    items: [
      {
        kind: "Pod",
        metadata: { ...pod, creationTimestamp: at },
        spec: {
          nodeName: "node",
          serviceAccountName: "default",
          containers: [container],
          imagePullSecrets: [{ name: "pull" }],
        },
        status: { phase: "Pending", containerStatuses: [{ ...container, imageID: "", state: { waiting } }] },
      },
      {
        kind: "Event",
        metadata: { namespace: "shop", name: "web.1" },
        involvedObject: { kind: "Pod", ...pod, fieldPath: "spec.containers{web}" },
        ...{ reason: "Failed", message: text, type: "Warning", count: 3, firstTimestamp: at, lastTimestamp: at },
      },
      {
        kind: "Secret",
        metadata: { namespace: "shop", name: "pull" },
        type: "kubernetes.io/dockerconfigjson",
        data: { ".dockerconfigjson": Buffer.from(JSON.stringify(config)).toString("base64") },
      },
      { kind: "ServiceAccount", metadata: { namespace: "shop", name: "default" } },
      {
        kind: "Node",
        metadata: { name: "node" },
        status: {
          nodeInfo: { operatingSystem: "linux", architecture: "amd64", containerRuntimeVersion: "containerd://2.1.0" },
        },
      },
    ],
  };
}
