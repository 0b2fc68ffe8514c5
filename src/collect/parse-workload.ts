import { isObject, listAt, member, numberAt, textAt, timeAt } from "./json-values.ts";
import { controllerOf, nodeSelectorOf, pullSecretNamesOf } from "./parse-pod.ts";
import type { OwnerFacts } from "./pod-facts.ts";

/** The object that makes pods: as much of it as finding its pods, or saying why it has none, needs. */
export interface WorkloadFacts {
  readonly kind: string;
  readonly namespace: string;
  readonly name: string;
  readonly uid: string;
  readonly createdAt?: string;
  readonly owner?: OwnerFacts;
  /** `spec.selector` as a label selector in kubectl's writing; undefined where it has none or it cannot be written so. */
  readonly selector?: string;
  /** Pods it wants, where it says so. */
  readonly wanted?: number;
  /** Pods it has, where it says so. */
  readonly present?: number;
  /** Containers of its template: name and image, init containers first. */
  readonly containers: readonly { readonly name: string; readonly image: string; readonly pullPolicy?: string }[];
  readonly serviceAccountName?: string;
  readonly pullSecretNames: readonly string[];
  readonly nodeSelector: Readonly<Record<string, string>>;
}

/** A Deployment, ReplicaSet, StatefulSet, DaemonSet, Job or CronJob. `kind` is what was asked for: items of a list do not say it. */
export function parseWorkload(value: unknown, kind: string): WorkloadFacts | undefined {
  const name = textAt(value, ["metadata", "name"], 253);
  if (name === undefined) return undefined;
  const createdAt = timeAt(value, ["metadata", "creationTimestamp"]);
  const owner = controllerOf(value);
  const selector = writeSelector(member(value, "spec", "selector"));
  const wanted = wantedPods(value, kind);
  const present = presentPods(value, kind);
  const spec = podSpecOf(value);
  const serviceAccountName = textAt(spec, ["serviceAccountName"], 253);
  return {
    kind,
    namespace: textAt(value, ["metadata", "namespace"], 253) ?? "default",
    name,
    uid: textAt(value, ["metadata", "uid"], 128) ?? "",
    ...(createdAt === undefined ? {} : { createdAt }),
    ...(owner === undefined ? {} : { owner }),
    ...(selector === undefined ? {} : { selector }),
    ...(wanted === undefined ? {} : { wanted }),
    ...(present === undefined ? {} : { present }),
    containers: [...listAt(spec, ["initContainers"], 500), ...listAt(spec, ["containers"], 500)].flatMap((one) => {
      const image = textAt(one, ["image"], 4096);
      const pullPolicy = textAt(one, ["imagePullPolicy"], 64);
      if (image === undefined) return [];
      return [{ name: textAt(one, ["name"], 253) ?? "", image, ...(pullPolicy === undefined ? {} : { pullPolicy }) }];
    }),
    ...(serviceAccountName === undefined ? {} : { serviceAccountName }),
    pullSecretNames: pullSecretNamesOf(spec),
    nodeSelector: nodeSelectorOf(spec),
  };
}

/** The pod spec inside any object that has one: a pod itself, a workload's template, a CronJob's job template. */
export function podSpecOf(value: unknown): unknown {
  const spec = member(value, "spec");
  const template = member(spec, "jobTemplate", "spec", "template", "spec") ?? member(spec, "template", "spec");
  if (template !== undefined) return template;
  return isObject(spec) && Array.isArray(member(spec, "containers")) ? spec : undefined;
}

/**
 * `{matchLabels: {app: web}, matchExpressions: [{key: tier, operator: In, values: [a, b]}]}` → `app=web,tier in (a,b)`.
 * A ReplicationController's selector is the labels themselves. Values that could not stand in a selector give undefined.
 */
export function writeSelector(selector: unknown): string | undefined {
  if (!isObject(selector)) return undefined;
  const labels = isObject(member(selector, "matchLabels")) ? member(selector, "matchLabels") : undefined;
  const plain = labels ?? (member(selector, "matchExpressions") === undefined ? selector : {});
  const parts: string[] = [];
  for (const [key, value] of Object.entries(isObject(plain) ? plain : {})) {
    if (!isLabelKey(key) || !isLabelValue(value)) return undefined;
    parts.push(`${key}=${value}`);
  }
  for (const expression of listAt(selector, ["matchExpressions"], 100)) {
    const part = writeExpression(expression);
    if (part === undefined) return undefined;
    parts.push(part);
  }
  return parts.length === 0 ? undefined : parts.join(",");
}

function writeExpression(expression: unknown): string | undefined {
  const key = textAt(expression, ["key"], 400);
  const operator = textAt(expression, ["operator"], 32);
  const values = listAt(expression, ["values"], 100);
  if (key === undefined || !isLabelKey(key) || !values.every(isLabelValue)) return undefined;
  if (operator === "Exists") return key;
  if (operator === "DoesNotExist") return `!${key}`;
  if (operator === "In") return `${key} in (${values.join(",")})`;
  if (operator === "NotIn") return `${key} notin (${values.join(",")})`;
  return undefined;
}

function isLabelKey(key: string): boolean {
  return key.length <= 400 && /^[\w./-]+$/.test(key);
}

function isLabelValue(value: unknown): value is string {
  return typeof value === "string" && value.length <= 63 && /^[\w.-]*$/.test(value);
}

function wantedPods(value: unknown, kind: string): number | undefined {
  if (kind === "DaemonSet") return numberAt(value, ["status", "desiredNumberScheduled"]);
  if (kind === "Job")
    return member(value, "spec", "suspend") === true ? 0 : (numberAt(value, ["spec", "parallelism"]) ?? 1);
  if (kind === "CronJob") return undefined;
  return numberAt(value, ["spec", "replicas"]) ?? 1;
}

function presentPods(value: unknown, kind: string): number | undefined {
  if (kind === "DaemonSet") return numberAt(value, ["status", "currentNumberScheduled"]) ?? 0;
  if (kind === "Job") {
    const counts = ["active", "succeeded", "failed"].map((key) => numberAt(value, ["status", key]) ?? 0);
    return counts.reduce((sum, count) => sum + count, 0);
  }
  if (kind === "CronJob") return undefined;
  return numberAt(value, ["status", "replicas"]) ?? 0;
}
