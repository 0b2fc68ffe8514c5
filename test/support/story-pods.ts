import { createHash } from "node:crypto";
import type { ApiObject } from "./story-objects.ts";

/** A pod that hangs (or runs), as few words as it takes. */
export interface PodSketch {
  readonly name: string;
  readonly image: string;
  /** What the runtime said, without the kubelet's words around it; left out: the pod runs. */
  readonly error?: string;
  /** The error is the kubelet's own, not one the runtime gave it. */
  readonly byKubelet?: boolean;
  readonly secrets?: readonly string[];
  readonly namespace?: string;
  readonly container?: string;
  readonly labels?: Readonly<Record<string, string>>;
  /** When the pod was made; the Events follow within minutes. */
  readonly at?: Date;
}

const longAgo = new Date("2026-11-24T02:22:21Z");
const born = stamp(longAgo);
const minute = 60_000;

function stamp(time: Date): string {
  return `${time.toISOString().slice(0, 19)}Z`;
}

/** The pod and its Events, worded as kubelet 1.20 does it (kubernetes/kubernetes:pkg/kubelet/images/image_manager.go). */
export function sketchPod(sketch: PodSketch): ApiObject[] {
  const { name, image, error, namespace = "demo", container = "app", at: made = longAgo } = sketch;
  const born = stamp(made);
  const uid = `00000000-0000-4000-8000-${createHash("sha256").update(`${namespace}/${name}`).digest("hex").slice(0, 12)}`;
  const state =
    error === undefined
      ? { running: { startedAt: born } }
      : { waiting: { reason: "ImagePullBackOff", message: `Back-off pulling image "${image}"` } };
  const status = { name: container, image, imageID: "", ready: error === undefined, restartCount: 0, state };
  const pod: ApiObject = {
    apiVersion: "v1",
    kind: "Pod",
    metadata: { name, namespace, uid, creationTimestamp: born, labels: sketch.labels ?? { app: name } },
    spec: {
      nodeName: "node1",
      serviceAccountName: "default",
      containers: [{ name: container, image, imagePullPolicy: "Always" }],
      ...(sketch.secrets === undefined ? {} : { imagePullSecrets: sketch.secrets.map((secret) => ({ name: secret })) }),
    },
    status: { phase: error === undefined ? "Running" : "Pending", startTime: born, containerStatuses: [status] },
  };
  if (error === undefined) return [pod];
  const grpc = / not found$/.test(error) ? "NotFound" : "Unknown";
  const wrapped = `rpc error: code = ${grpc} desc = failed to pull and unpack image "${image}": ${error}`;
  const said = `Failed to pull image "${image}": ${sketch.byKubelet === true ? error : wrapped}`;
  const event = (at: number, reason: string, message: string): ApiObject => ({
    apiVersion: "v1",
    kind: "Event",
    metadata: { name: `${name}.${at}`, namespace, uid: `${uid}-${at}`, creationTimestamp: born },
    involvedObject: { apiVersion: "v1", kind: "Pod", name, namespace, uid, fieldPath: `spec.containers{${container}}` },
    reason,
    message,
    type: reason === "BackOff" ? "Normal" : "Warning",
    count: 4,
    firstTimestamp: born,
    lastTimestamp: stamp(new Date(made.getTime() + at * minute)),
    source: { component: "kubelet", host: "node1" },
  });
  return [
    pod,
    event(1, "Failed", said),
    event(2, "Failed", "Error: ErrImagePull"),
    event(3, "BackOff", `Back-off pulling image "${image}"`),
  ];
}

/** A pull secret with one entry for each key. */
export function sketchPullSecret(
  name: string,
  entries: Readonly<Record<string, { username: string; password: string }>>,
  namespace = "demo",
): ApiObject {
  const auths = Object.fromEntries(
    Object.entries(entries).map(([key, { username, password }]) => [
      key,
      { username, password, auth: Buffer.from(`${username}:${password}`).toString("base64") },
    ]),
  );
  return sketchSecret(
    name,
    "kubernetes.io/dockerconfigjson",
    ".dockerconfigjson",
    JSON.stringify({ auths }),
    namespace,
  );
}

/** A Secret of any type with one key. */
export function sketchSecret(name: string, type: string, key: string, text: string, namespace = "demo"): ApiObject {
  return {
    apiVersion: "v1",
    kind: "Secret",
    metadata: { name, namespace, uid: `secret-${name}`, creationTimestamp: born },
    type,
    data: { [key]: Buffer.from(text).toString("base64") },
  };
}

/** The objects that every pod needs: its namespace's ServiceAccount and its node. */
export function sketchSurroundings(namespace = "demo"): ApiObject[] {
  return [
    { apiVersion: "v1", kind: "Namespace", metadata: { name: namespace, uid: "ns", creationTimestamp: born } },
    {
      apiVersion: "v1",
      kind: "ServiceAccount",
      metadata: { name: "default", namespace, uid: "sa", creationTimestamp: born },
    },
    {
      apiVersion: "v1",
      kind: "Node",
      metadata: {
        name: "node1",
        uid: "node1",
        creationTimestamp: born,
        labels: { "kubernetes.io/os": "linux", "kubernetes.io/arch": "amd64" },
      },
      status: {
        conditions: [
          { type: "Ready", status: "True", reason: "KubeletReady", message: "kubelet is posting ready status" },
        ],
        nodeInfo: {
          architecture: "amd64",
          operatingSystem: "linux",
          containerRuntimeVersion: "containerd://1.6.20",
          kubeletVersion: "v1.20.2",
          kernelVersion: "6.1.0",
        },
      },
    },
  ];
}

/** The runtime's words for a manifest request that failed (containerd 1.6). */
export function resolveError(image: string, words: string): string {
  return `failed to resolve reference "${image}": ${words}`;
}

/** `https://host/v2/repository/manifests/tag` of a reference that is written in full. */
export function manifestUrl(image: string): string {
  const [host = "", ...path] = image.split("/");
  const [repository = "", tag = "latest"] = path.join("/").split(":");
  return `https://${host}/v2/${repository}/manifests/${tag}`;
}
