import { KnownError } from "../domain/known-error.ts";
import type { Read } from "../domain/read.ts";
import type { Cluster, Listing, Selection, WorkloadKind } from "./cluster.ts";
import { isObject, listAt, member, textAt, textMapAt } from "./json-values.ts";
import { matchesLabels } from "./label-selector.ts";
import { parseEvent } from "./parse-event.ts";
import { parseNode } from "./parse-node.ts";
import { parsePod } from "./parse-pod.ts";
import { parseSecret } from "./parse-secret.ts";
import { parseServiceAccount } from "./parse-service-account.ts";
import { parseWorkload } from "./parse-workload.ts";
import { readDocuments } from "./yaml-documents.ts";

const plurals: Readonly<Record<string, string>> = {
  Pod: "pods",
  Event: "events",
  Secret: "secrets",
  ServiceAccount: "serviceaccounts",
  Node: "nodes",
  Deployment: "deployments",
  ReplicaSet: "replicasets",
  StatefulSet: "statefulsets",
  DaemonSet: "daemonsets",
  Job: "jobs",
  CronJob: "cronjobs",
};

interface Saved {
  /** By kind, in the files' order. */
  readonly objects: ReadonlyMap<string, readonly unknown[]>;
  /** `Kind/namespace` of what came in Lists: of these, what is not there was not there. */
  readonly listed: ReadonlySet<string>;
}

/**
 * The cluster as `kubectl get pods,events,secrets,serviceaccounts,nodes -o json|yaml` saved it: Lists, single objects and
 * documents of several files, JSON or YAML. An object that is not in them is absent where a List holds others of its kind
 * and namespace, and `unasked` elsewhere: it may well exist. Nothing leaves the machine.
 * `namespace` is where names without one are looked for; where it is left out, the one namespace of the saved pods, else `default`.
 * Throws KnownError where a text is no YAML or holds no object that is known.
 */
export async function savedCluster(texts: readonly string[], namespace?: string): Promise<Cluster> {
  const saved = await readSaved(texts);
  const { objects } = saved;
  const pods = objects.get("Pod") ?? [];
  const namespaces = new Set(pods.map((pod) => textAt(pod, ["metadata", "namespace"], 253) ?? "default"));
  const [only] = namespaces;
  return {
    namespace: namespace ?? (namespaces.size === 1 && only !== undefined ? only : "default"),
    namespaces: [...namespaces],
    pod: async (where, name) => one(saved, "Pod", where, name, parsePod),
    pods: async (selection, keep) => list(saved, "Pod", selection, parsePod, keep),
    podNames: async (where) => {
      const read = list(saved, "Pod", { namespace: where }, parsePod, () => true);
      return read.kind === "found" ? { kind: "found", value: read.value.items.map(({ name }) => name) } : read;
    },
    events: async (selection, keep) => list(saved, "Event", selection, parseEvent, keep),
    secret: async (where, name) => one(saved, "Secret", where, name, parseSecret),
    pullSecrets: async (where) => {
      const fields = { type: "kubernetes.io/dockerconfigjson" };
      const selection = where === undefined ? { fields } : { namespace: where, fields };
      const read = list(saved, "Secret", selection, parseSecret, () => true);
      return read.kind === "found" ? { kind: "found", value: read.value.items } : read;
    },
    namespacesWithSecret: async (name) => {
      const selection = { fields: { "metadata.name": name } };
      const read = list(saved, "Secret", selection, namespaceOf, () => true);
      return read.kind === "found" ? { kind: "found", value: read.value.items } : read;
    },
    serviceAccount: async (where, name) => one(saved, "ServiceAccount", where, name, parseServiceAccount),
    node: async (name) => one(saved, "Node", undefined, name, parseNode),
    nodes: async (selection) => list(saved, "Node", selection, parseNode, () => true),
    workload: async (kind, where, name) => one(saved, kind, where, name, (value) => parseWorkload(value, kind)),
    workloads: async (kind: WorkloadKind, selection, keep) =>
      list(saved, kind, selection, (value) => parseWorkload(value, kind), keep),
    close: async () => {},
  };
}

async function readSaved(texts: readonly string[]): Promise<Saved> {
  const objects = new Map<string, unknown[]>();
  const listed = new Set<string>();
  for (const text of texts) {
    const documents = await readDocuments(text).catch((error: unknown) => {
      const what = error instanceof Error ? error.message : "not readable";
      throw new KnownError(
        "cluster-unreadable",
        `a file given with --from is ${what}`,
        "Save it with kubectl get -o json.",
      );
    });
    for (const object of objectsIn(documents)) {
      const kind = textAt(object, ["kind"], 64) ?? "";
      const known = objects.get(kind);
      if (known === undefined) objects.set(kind, [object]);
      else known.push(object);
    }
    for (const document of documents) {
      // A single object says nothing about its neighbours.
      const objectsOfList = objectsIn(document);
      if (objectsOfList.length === 1 && objectsOfList[0] === document) continue;
      for (const object of objectsOfList) listed.add(`${textAt(object, ["kind"], 64)}/${namespaceOf(object)}`);
    }
  }
  if (![...objects.keys()].some((kind) => Object.hasOwn(plurals, kind))) {
    throw new KnownError(
      "cluster-unreadable",
      "the files given with --from hold no pods, and nothing else that a diagnosis reads",
      "Save with: kubectl get pods,events,secrets,serviceaccounts,nodes -o json",
    );
  }
  return { objects, listed };
}

/** Objects themselves, and those inside Lists and arrays. A typed list (`PodList`) says the kind once, for all its items. */
export function objectsIn(value: unknown, kind?: string, depth = 0): readonly unknown[] {
  if (depth > 8) return [];
  if (Array.isArray(value)) return value.flatMap((entry) => objectsIn(entry, kind, depth + 1));
  if (!isObject(value)) return [];
  const own = textAt(value, ["kind"], 64);
  if (Array.isArray(member(value, "items")) && (own === undefined || own.endsWith("List"))) {
    const items = own?.slice(0, -"List".length);
    return listAt(value, ["items"], Number.POSITIVE_INFINITY).flatMap((item) =>
      objectsIn(item, items === "" ? undefined : items, depth + 1),
    );
  }
  if (own === undefined) return kind === undefined ? [] : [{ ...value, kind }];
  return [value];
}

function missing(saved: Saved, kind: string, namespace: string | undefined): Read<never> {
  if (saved.listed.has(`${kind}/${namespace ?? ""}`)) return { kind: "absent" };
  const where = namespace === undefined ? "" : ` of namespace ${namespace}`;
  return { kind: "unasked", why: `the saved files hold no list of ${plurals[kind] ?? kind}${where}` };
}

/** Empty for a Node, which has none. */
function namespaceOf(object: unknown): string {
  if (member(object, "kind") === "Node") return "";
  return textAt(object, ["metadata", "namespace"], 253) ?? "default";
}

function one<T>(
  saved: Saved,
  kind: string,
  namespace: string | undefined,
  name: string,
  parse: (value: unknown) => T | undefined,
): Read<T> {
  const object = saved.objects
    .get(kind)
    ?.find((candidate) => isIn(candidate, namespace) && member(candidate, "metadata", "name") === name);
  const value = object === undefined ? undefined : parse(object);
  return value === undefined ? missing(saved, kind, namespace) : { kind: "found", value };
}

function list<T>(
  saved: Saved,
  kind: string,
  selection: Selection,
  parse: (value: unknown) => T | undefined,
  keep: (item: T) => boolean,
): Read<Listing<T>> {
  const objects = saved.objects.get(kind);
  if (objects === undefined) return { kind: "unasked", why: `the saved files hold no ${plurals[kind] ?? kind}` };
  const items: T[] = [];
  let seen = 0;
  for (const object of objects) {
    if (!isIn(object, selection.namespace) || !isSelected(object, selection)) continue;
    const item = parse(object);
    if (item === undefined) continue;
    seen++;
    if (keep(item)) items.push(item);
  }
  return { kind: "found", value: { items, seen, complete: true } };
}

function isIn(object: unknown, namespace: string | undefined): boolean {
  return namespace === undefined || namespaceOf(object) === namespace;
}

function isSelected(object: unknown, { labels, fields, without }: Selection): boolean {
  for (const [path, wanted] of Object.entries(fields ?? {})) if (fieldOf(object, path) !== wanted) return false;
  for (const [path, values] of Object.entries(without ?? {})) {
    if (values.includes(fieldOf(object, path))) return false;
  }
  return labels === undefined || matchesLabels(labels, textMapAt(object, ["metadata", "labels"]));
}

function fieldOf(object: unknown, path: string): string {
  const value = textAt(object, path.split("."));
  // events.k8s.io calls it `regarding`.
  if (value === undefined && path.startsWith("involvedObject.")) {
    return textAt(object, ["regarding", ...path.split(".").slice(1)]) ?? "";
  }
  return value ?? "";
}
