import { closedPort, registryPort } from "./registry-answers.ts";

export const namespace = "shop";
/** Pods of the made-up namespace; each one's image is answered in its own way. */
export const pods: readonly string[] = ["denied", "absent", "closed", "public"];

const host = "registry.example";
const at = "2026-01-01T00:00:00Z";

/** What the made-up API server answers to a path: a pod, and what belongs to it. */
export function answerOfApiServer(path: string): { readonly status: number; readonly body: object } {
  const { pathname, searchParams } = new URL(path, "https://api.example");
  const [, kind, name] = /\/(pods|events|secrets|serviceaccounts|nodes)\/?([^/]*)$/.exec(pathname) ?? [];
  if (kind === "events") return list("Event", [event(podOf(searchParams.get("fieldSelector") ?? ""))]);
  if (kind === "pods" && name) return found(pod(name));
  if (kind === "pods") return list("Pod", pods.map(pod));
  if (kind === "secrets" && name) return found(secret(name));
  if (kind === "serviceaccounts" && name) return found({ kind: "ServiceAccount", metadata: { namespace, name } });
  if (kind === "nodes" && name) return found(node(name));
  const message = `${path} not found`;
  return { status: 404, body: { kind: "Status", status: "Failure", code: 404, reason: "NotFound", message } };
}

function found(object: object) {
  return { status: 200, body: { apiVersion: "v1", ...object } };
}

function list(kind: string, items: readonly object[]) {
  return { status: 200, body: { apiVersion: "v1", kind: `${kind}List`, metadata: { resourceVersion: "1" }, items } };
}

function podOf(selector: string): string {
  return pods.find((name) => selector.includes(name)) ?? "denied";
}

function imageOf(name: string): string {
  return `${host}:${name === "closed" ? closedPort : registryPort}/shop/${name}:v1`;
}

function textOf(name: string): string {
  const image = imageOf(name);
  const start = `Failed to pull image "${image}": rpc error: code = Unknown desc = failed to pull and unpack image "${image}": failed to resolve reference "${image}"`;
  if (name === "denied")
    return `${start}: failed to authorize: failed to fetch oauth token: unexpected status from GET request to https://${host}/token: 401 Unauthorized`;
  if (name === "closed")
    return `${start}: failed to do request: Head "https://${host}:${closedPort}/v2/shop/closed/manifests/v1": dial tcp 192.0.2.1:${closedPort}: connect: connection refused`;
  return `${start}: ${image}: not found`;
}

function pod(name: string) {
  const container = { name: "web", image: imageOf(name) };
  const waiting = { reason: "ErrImagePull", message: textOf(name) };
  return {
    kind: "Pod",
    metadata: { namespace, name, uid: name, creationTimestamp: at },
    spec: {
      nodeName: "node",
      serviceAccountName: "default",
      containers: [container],
      imagePullSecrets: [{ name: "pull" }],
    },
    status: { phase: "Pending", containerStatuses: [{ ...container, imageID: "", state: { waiting } }] },
  };
}

function event(name: string) {
  return {
    kind: "Event",
    metadata: { namespace, name: `${name}.1` },
    involvedObject: { kind: "Pod", namespace, name, uid: name, fieldPath: "spec.containers{web}" },
    reason: "Failed",
    message: textOf(name),
    type: "Warning",
    count: 3,
    firstTimestamp: at,
    lastTimestamp: at,
  };
}

function secret(name: string) {
  const login = { auth: Buffer.from("shop:none").toString("base64") };
  const config = { auths: { [`${host}:${registryPort}`]: login } };
  return {
    kind: "Secret",
    metadata: { namespace, name },
    type: "kubernetes.io/dockerconfigjson",
    data: { ".dockerconfigjson": Buffer.from(JSON.stringify(config)).toString("base64") },
  };
}

function node(name: string) {
  return {
    kind: "Node",
    metadata: { name },
    status: {
      nodeInfo: { operatingSystem: "linux", architecture: "amd64", containerRuntimeVersion: "containerd://2.1.0" },
    },
  };
}
