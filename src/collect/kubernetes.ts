import type { Read } from "../domain/read.ts";
import { type ApiClient, type ApiReply, openApiClient } from "./api-client.ts";
import type { Cluster, Listing, Selection, WorkloadKind } from "./cluster.ts";
import type { ClusterSettings } from "./cluster-settings.ts";
import { isObject, listAt, member, textAt } from "./json-values.ts";
import { readKubeconfig } from "./kubeconfig.ts";
import { parseEvent } from "./parse-event.ts";
import { parseNode } from "./parse-node.ts";
import { parsePod } from "./parse-pod.ts";
import { parseSecret } from "./parse-secret.ts";
import { parseServiceAccount } from "./parse-service-account.ts";
import { parseWorkload } from "./parse-workload.ts";
import { watchPods } from "./watch-stream.ts";

/** kubectl's page size. */
const pageSize = 500;
const largestPage = 128 * 1024 * 1024;
/** Half a million objects; a server that always has one more page must not hold us for ever. */
const mostPages = 1_000;
/** More pull secrets than a namespace has; the look is optional. */
const mostPullSecrets = 50;

/** The API server then sends nothing of an object but its metadata. */
const metadataList = "application/json;as=PartialObjectMetadataList;g=meta.k8s.io;v=v1, application/json";

interface Resource {
  readonly prefix: string;
  readonly plural: string;
  readonly kind: string;
}

const pods: Resource = { prefix: "/api/v1", plural: "pods", kind: "pod" };
const events: Resource = { prefix: "/api/v1", plural: "events", kind: "event" };
const secrets: Resource = { prefix: "/api/v1", plural: "secrets", kind: "secret" };
const serviceAccounts: Resource = { prefix: "/api/v1", plural: "serviceaccounts", kind: "service account" };
const nodes: Resource = { prefix: "/api/v1", plural: "nodes", kind: "node" };
const workloads: Readonly<Record<WorkloadKind, Resource>> = {
  Deployment: { prefix: "/apis/apps/v1", plural: "deployments", kind: "deployment" },
  ReplicaSet: { prefix: "/apis/apps/v1", plural: "replicasets", kind: "replicaset" },
  StatefulSet: { prefix: "/apis/apps/v1", plural: "statefulsets", kind: "statefulset" },
  DaemonSet: { prefix: "/apis/apps/v1", plural: "daemonsets", kind: "daemonset" },
  Job: { prefix: "/apis/batch/v1", plural: "jobs", kind: "job" },
  CronJob: { prefix: "/apis/batch/v1", plural: "cronjobs", kind: "cronjob" },
};

/**
 * The cluster that a kubeconfig names, read over HTTPS. The generated models of @kubernetes/client-node are left alone:
 * they are slow to load and trust what they are given; objects are parsed from `unknown` in `parse-*.ts`.
 * Throws KnownError("cluster-unreadable") where there is no way to the API server; see `Cluster` for the reads.
 */
export async function openKubernetes(settings: ClusterSettings, signal?: AbortSignal): Promise<Cluster> {
  const access = await readKubeconfig(settings);
  const api = await openApiClient(access, settings, signal);
  return {
    ...(access.context === undefined ? {} : { context: access.context }),
    server: access.cluster.server,
    namespace: access.namespace ?? "default",
    pod: (namespace, name, until) => getOne(api, pods, namespace, name, parsePod, until),
    pods: (selection, keep, until) => list(api, pods, selection, parsePod, keep, until),
    podNames: (namespace, until) => listNames(api, namespace, until),
    events: (selection, keep, until) => list(api, events, selection, parseEvent, keep, until),
    secret: (namespace, name, until) => getOne(api, secrets, namespace, name, parseSecret, until),
    pullSecrets: async (namespace, until) => {
      const fields = { type: "kubernetes.io/dockerconfigjson" };
      const selection = { ...(namespace === undefined ? {} : { namespace }), fields, most: mostPullSecrets };
      const read = await list(api, secrets, selection, parseSecret, () => true, until);
      return read.kind === "found" ? { kind: "found", value: read.value.items } : read;
    },
    namespacesWithSecret: (name, until) => listNamespacesWithSecret(api, name, until),
    serviceAccount: (namespace, name, until) =>
      getOne(api, serviceAccounts, namespace, name, parseServiceAccount, until),
    node: (name, until) => getOne(api, nodes, undefined, name, parseNode, until),
    nodes: (selection, until) => list(api, nodes, selection, parseNode, () => true, until),
    workload: (kind, namespace, name, until) =>
      getOne(api, workloads[kind], namespace, name, (value) => parseWorkload(value, kind), until),
    workloads: (kind, selection, keep, until) =>
      list(api, workloads[kind], selection, (value) => parseWorkload(value, kind), keep, until),
    watchPods: (selection, resourceVersion, until) =>
      watchPods(
        api,
        `${collectionPath(pods, selection.namespace)}?${query(selection)}`,
        selection.namespace,
        resourceVersion,
        until,
      ),
    close: async () => api.close(),
  };
}

function collectionPath({ prefix, plural }: Resource, namespace: string | undefined): string {
  return namespace === undefined
    ? `${prefix}/${plural}`
    : `${prefix}/namespaces/${encodeURIComponent(namespace)}/${plural}`;
}

function query(selection: Selection): URLSearchParams {
  const parameters = new URLSearchParams();
  if (selection.labels !== undefined && selection.labels !== "") parameters.set("labelSelector", selection.labels);
  const fields = Object.entries(selection.fields ?? {}).map(([path, value]) => `${path}=${escapeField(value)}`);
  for (const [path, values] of Object.entries(selection.without ?? {})) {
    fields.push(...values.map((value) => `${path}!=${escapeField(value)}`));
  }
  if (fields.length > 0) parameters.set("fieldSelector", fields.join(","));
  return parameters;
}

/** k8s.io/apimachinery pkg/fields/selector.go, EscapeValue. */
function escapeField(value: string): string {
  return value.replace(/[\\,=]/g, (sign) => `\\${sign}`);
}

async function getOne<T>(
  api: ApiClient,
  resource: Resource,
  namespace: string | undefined,
  name: string,
  parse: (value: unknown) => T | undefined,
  signal: AbortSignal | undefined,
): Promise<Read<T>> {
  // Such a name would ask for something else; the API server knows no object so named.
  if (name === "" || name === "." || name === "..") return { kind: "absent" };
  const reply = await api.get(`${collectionPath(resource, namespace)}/${encodeURIComponent(name)}`, { signal });
  if (reply.kind !== "object") return refusal(reply, "get", resource, namespace);
  const value = parse(reply.body);
  return value === undefined
    ? { kind: "failed", why: `the API server's answer is no ${resource.kind}` }
    : { kind: "found", value };
}

async function list<T>(
  api: ApiClient,
  resource: Resource,
  selection: Selection,
  parse: (value: unknown) => T | undefined,
  keep: (item: T) => boolean,
  signal: AbortSignal | undefined,
): Promise<Read<Listing<T>>> {
  const most = selection.most ?? Number.POSITIVE_INFINITY;
  const parameters = query(selection);
  parameters.set("limit", String(Math.min(pageSize, most)));
  const accept = selection.metadataOnly === true ? { accept: metadataList } : {};
  let items: T[] = [];
  let seen = 0;
  let restarted = false;
  for (let page = 0; page < mostPages; page += 1) {
    const path = `${collectionPath(resource, selection.namespace)}?${parameters}`;
    const reply = await api.get(path, { compressed: true, mostBytes: largestPage, signal, ...accept });
    if (reply.kind === "status" && reply.code === 410 && parameters.has("continue")) {
      // The snapshot behind the token is gone: once more from the start, and then with what there is
      // (k8s.io/client-go tools/pager falls back to one list of everything; memory forbids that here).
      if (restarted) return { kind: "found", value: { items, seen, complete: false } };
      restarted = true;
      items = [];
      seen = 0;
      parameters.delete("continue");
      continue;
    }
    if (reply.kind !== "object") {
      const refused = refusal(reply, "list", resource, selection.namespace);
      return seen > 0 && refused.kind === "failed"
        ? { kind: "found", value: { items, seen, complete: false } }
        : refused;
    }
    // Go writes an empty list as null; what has no metadata is no list at all.
    if (!isObject(member(reply.body, "metadata")))
      return { kind: "failed", why: `the API server's answer is no list of ${resource.kind}s` };
    for (const entry of listAt(reply.body, ["items"], Number.POSITIVE_INFINITY)) {
      const item = parse(entry);
      if (item === undefined) continue;
      seen++;
      if (keep(item)) items.push(item);
    }
    const next = textAt(reply.body, ["metadata", "continue"], 65_536);
    const resourceVersion = textAt(reply.body, ["metadata", "resourceVersion"], 64);
    if (next === undefined || seen >= most) {
      const position = resourceVersion === undefined ? {} : { resourceVersion };
      return { kind: "found", value: { items, seen, complete: next === undefined, ...position } };
    }
    parameters.set("continue", next);
  }
  return { kind: "found", value: { items, seen, complete: false } };
}

/** Metadata is enough for names: the API server then sends nothing else of a pod. */
async function listNames(
  api: ApiClient,
  namespace: string,
  signal: AbortSignal | undefined,
): Promise<Read<readonly string[]>> {
  const path = `${collectionPath(pods, namespace)}?limit=${pageSize}`;
  const reply = await api.get(path, { accept: metadataList, compressed: true, mostBytes: largestPage, signal });
  if (reply.kind !== "object") return refusal(reply, "list", pods, namespace);
  const names = listAt(reply.body, ["items"]).flatMap((item) => textAt(item, ["metadata", "name"], 253) ?? []);
  return { kind: "found", value: names };
}

/**
 * Metadata is enough here, too. `resourceVersion=0` lets the API server answer from its cache: it need not read every Secret
 * out of etcd for a look that nobody must have, and a name of a moment ago will do.
 */
async function listNamespacesWithSecret(
  api: ApiClient,
  name: string,
  signal: AbortSignal | undefined,
): Promise<Read<readonly string[]>> {
  const parameters = query({ fields: { "metadata.name": name } });
  parameters.set("limit", String(pageSize));
  parameters.set("resourceVersion", "0");
  const path = `${collectionPath(secrets, undefined)}?${parameters}`;
  const reply = await api.get(path, { accept: metadataList, compressed: true, signal });
  if (reply.kind !== "object") return refusal(reply, "list", secrets, undefined);
  const namespaces = listAt(reply.body, ["items"]).flatMap((item) => {
    // A server that does not know the selector would send every Secret's name.
    const same = textAt(item, ["metadata", "name"], 253) === name;
    return same ? (textAt(item, ["metadata", "namespace"], 253) ?? []) : [];
  });
  return { kind: "found", value: namespaces };
}

/** 404 and 403 are answers; everything else is a failure with its number. */
function refusal(
  reply: Exclude<ApiReply, { kind: "object" }>,
  verb: string,
  resource: Resource,
  namespace: string | undefined,
): Read<never> {
  if (reply.kind === "failed") return reply;
  if (reply.code === 404) return { kind: "absent" };
  if (reply.code === 401) return { kind: "failed", why: "the API server does not accept the login any more (401)" };
  if (reply.code === 403) {
    return { kind: "forbidden", verb, resource: resource.plural, ...(namespace === undefined ? {} : { namespace }) };
  }
  const reason = /^\w{1,40}$/.test(reply.reason) ? ` ${reply.reason}` : "";
  return { kind: "failed", why: `the API server answered ${reply.code}${reason}` };
}
