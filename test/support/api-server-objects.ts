/** A Kubernetes object as JSON gives it. */
export type ApiObject = Readonly<Record<string, unknown>>;

/** One stored object, with the texts that lists and watches send, made once. */
export interface StoredObject {
  readonly object: ApiObject;
  readonly plural: string;
  readonly namespace: string;
  readonly name: string;
  readonly labels: Readonly<Record<string, unknown>>;
  readonly json: Buffer;
}

/** What a path names: `/apis/apps/v1/namespaces/shop/deployments/web`. */
export interface ResourcePath {
  readonly group: string;
  readonly version: string;
  readonly plural: string;
  readonly namespace?: string;
  readonly name?: string;
}

interface ResourceKind {
  readonly kind: string;
  readonly group: string;
  readonly plural: string;
  readonly namespaced: boolean;
  readonly shortNames: readonly string[];
}

/** Every resource that is served; a request for another one is unexpected. */
export const resourceKinds: readonly ResourceKind[] = [
  { kind: "Pod", group: "", plural: "pods", namespaced: true, shortNames: ["po"] },
  { kind: "Event", group: "", plural: "events", namespaced: true, shortNames: ["ev"] },
  { kind: "Secret", group: "", plural: "secrets", namespaced: true, shortNames: [] },
  { kind: "ServiceAccount", group: "", plural: "serviceaccounts", namespaced: true, shortNames: ["sa"] },
  { kind: "Node", group: "", plural: "nodes", namespaced: false, shortNames: ["no"] },
  { kind: "Namespace", group: "", plural: "namespaces", namespaced: false, shortNames: ["ns"] },
  { kind: "ConfigMap", group: "", plural: "configmaps", namespaced: true, shortNames: ["cm"] },
  { kind: "Deployment", group: "apps", plural: "deployments", namespaced: true, shortNames: ["deploy"] },
  { kind: "ReplicaSet", group: "apps", plural: "replicasets", namespaced: true, shortNames: ["rs"] },
  { kind: "StatefulSet", group: "apps", plural: "statefulsets", namespaced: true, shortNames: ["sts"] },
  { kind: "DaemonSet", group: "apps", plural: "daemonsets", namespaced: true, shortNames: ["ds"] },
  { kind: "Job", group: "batch", plural: "jobs", namespaced: true, shortNames: [] },
  { kind: "CronJob", group: "batch", plural: "cronjobs", namespaced: true, shortNames: ["cj"] },
];

export function kindOf(plural: string): ResourceKind | undefined {
  return resourceKinds.find((known) => known.plural === plural);
}

/** Stores one object; throws for a kind that is not served, so that a test's mistake shows at once. */
export function store(object: ApiObject): StoredObject {
  const kind = object["kind"];
  const resource = resourceKinds.find((known) => known.kind === kind);
  if (resource === undefined)
    throw new Error(`The API server stand-in serves no ${String(kind)}; add it to resourceKinds.`);
  const metadata = record(object["metadata"]);
  const name = String(metadata["name"] ?? "");
  const namespace = resource.namespaced ? String(metadata["namespace"] ?? "default") : "";
  return {
    object,
    plural: resource.plural,
    namespace,
    name,
    labels: record(metadata["labels"]),
    json: Buffer.from(JSON.stringify(object)),
  };
}

export function parseResourcePath(pathname: string): ResourcePath | undefined {
  const parts = pathname
    .split("/")
    .filter((part) => part !== "")
    .map(decodeURIComponent);
  const core = parts[0] === "api";
  if (!core && parts[0] !== "apis") return undefined;
  const group = core ? "" : (parts[1] ?? "");
  const [version, ...rest] = parts.slice(core ? 1 : 2);
  if (version === undefined || rest.length === 0) return undefined;
  const inNamespace = rest[0] === "namespaces" && rest.length >= 3;
  const [plural, name, ...more] = inNamespace ? rest.slice(2) : rest;
  if (plural === undefined || more.length > 0) return undefined;
  const resource = kindOf(plural);
  if (resource === undefined || (resource.group !== group && !(plural === "events" && group === "events.k8s.io"))) {
    return undefined;
  }
  return {
    group,
    version,
    plural,
    ...(inNamespace && rest[1] !== undefined ? { namespace: rest[1] } : {}),
    ...(name === undefined ? {} : { name }),
  };
}

/** Field selectors that the real API server knows for these resources; others are refused with 400, as it does. */
const fieldsOf: Readonly<Record<string, readonly string[]>> = {
  pods: [
    "spec.nodeName",
    "spec.restartPolicy",
    "spec.schedulerName",
    "spec.serviceAccountName",
    "status.phase",
    "status.podIP",
  ],
  events: [
    "involvedObject.kind",
    "involvedObject.namespace",
    "involvedObject.name",
    "involvedObject.uid",
    "involvedObject.apiVersion",
    "involvedObject.resourceVersion",
    "involvedObject.fieldPath",
    "reason",
    "reportingComponent",
    "source",
    "type",
  ],
  secrets: ["type"],
  nodes: ["spec.unschedulable"],
  jobs: ["status.successful"],
  replicasets: ["status.replicas"],
};

export type Matcher = (stored: StoredObject) => boolean;

/** `a=b,c!=d` on fields; undefined where a field cannot be selected by. */
export function fieldMatcher(selector: string, plural: string): Matcher | undefined {
  const matchers: Matcher[] = [];
  for (const requirement of splitUnescaped(selector)) {
    const match = /^([\w.]+)(!=|==|=)(.*)$/s.exec(requirement);
    if (match === null) return undefined;
    const [, path = "", operator, escaped = ""] = match;
    const known = ["metadata.name", "metadata.namespace", ...(fieldsOf[plural] ?? [])];
    if (!known.includes(path)) return undefined;
    const wanted = escaped.replace(/\\(.)/gs, "$1");
    const keys = path.split(".");
    matchers.push((stored) => (fieldText(stored, keys) === wanted) === (operator !== "!="));
  }
  return (stored) => matchers.every((matches) => matches(stored));
}

function fieldText(stored: StoredObject, keys: readonly string[]): string {
  let value: unknown = stored.object;
  for (const key of keys) value = record(value)[key];
  // An Event's `source` selector means the component.
  if (typeof value === "object" && value !== null) value = record(value)["component"];
  return value === undefined || value === null ? "" : String(value);
}

function splitUnescaped(selector: string): string[] {
  return selector.match(/(?:\\.|[^,\\])+/gs) ?? [];
}

/** `app=web,tier in (a,b),!old,new`; undefined for what is no selector. */
export function labelMatcher(selector: string): Matcher | undefined {
  const matchers: Matcher[] = [];
  for (const requirement of selector.match(/(?:[^,(]|\([^)]*\))+/g) ?? []) {
    const matcher = requirementMatcher(requirement.trim());
    if (matcher === undefined) return undefined;
    matchers.push(matcher);
  }
  return (stored) => matchers.every((matches) => matches(stored));
}

function requirementMatcher(text: string): Matcher | undefined {
  const set = /^([\w./-]+)\s+(in|notin)\s*\(([^)]*)\)$/.exec(text);
  if (set !== null) {
    const [, key = "", operator, list = ""] = set;
    const values = list.split(",").map((value) => value.trim());
    return ({ labels }) => values.includes(String(labels[key])) === (operator === "in");
  }
  const equality = /^([\w./-]+)\s*(!=|==|=)\s*([\w.-]*)$/.exec(text);
  if (equality !== null) {
    const [, key = "", operator, value] = equality;
    return ({ labels }) => (labels[key] === value) === (operator !== "!=");
  }
  const presence = /^(!?)([\w./-]+)$/.exec(text);
  if (presence === null) return undefined;
  const [, not, key = ""] = presence;
  return ({ labels }) => Object.hasOwn(labels, key) === (not === "");
}

export function record(value: unknown): Readonly<Record<string, unknown>> {
  return isRecord(value) ? value : {};
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
