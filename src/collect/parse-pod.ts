import { isObject, listAt, member, numberAt, textAt, textMapAt, timeAt } from "./json-values.ts";
import type { ContainerFacts, ContainerStatus, OwnerFacts, PodFacts } from "./pod-facts.ts";

/** API validation allows 253 characters in a name. */
const longestName = 253;
/** Most containers of one kind that are looked at. */
const mostContainers = 500;

/**
 * A pod as the API server (or a saved file) gives it. Never throws: what is missing or of a wrong type is left out.
 * Returns undefined for what has no name, and so cannot be a pod.
 */
export function parsePod(value: unknown): PodFacts | undefined {
  const name = textAt(value, ["metadata", "name"], longestName);
  if (name === undefined) return undefined;
  const createdAt = timeAt(value, ["metadata", "creationTimestamp"]);
  const deletedAt = timeAt(value, ["metadata", "deletionTimestamp"]);
  const owner = controllerOf(value);
  const nodeName = textAt(value, ["spec", "nodeName"], longestName);
  const serviceAccountName =
    textAt(value, ["spec", "serviceAccountName"], longestName) ??
    textAt(value, ["spec", "serviceAccount"], longestName);
  return {
    namespace: textAt(value, ["metadata", "namespace"], longestName) ?? "default",
    name,
    uid: textAt(value, ["metadata", "uid"], 128) ?? "",
    ...(createdAt === undefined ? {} : { createdAt }),
    ...(deletedAt === undefined ? {} : { deletedAt }),
    labels: textMapAt(value, ["metadata", "labels"]),
    ...(owner === undefined ? {} : { owner }),
    phase: textAt(value, ["status", "phase"], 64) ?? "Unknown",
    ...(nodeName === undefined ? {} : { nodeName }),
    nodeSelector: nodeSelectorOf(member(value, "spec")),
    ...(serviceAccountName === undefined ? {} : { serviceAccountName }),
    pullSecretNames: pullSecretNamesOf(member(value, "spec")),
    containers: containersOf(value),
    imageVolumes: imageVolumesOf(member(value, "spec")),
  };
}

/**
 * Names under `imagePullSecrets` of a pod spec or a service account, in order. The kubelet skips empty ones, but admission does
 * not: a pod with nothing but an empty name gets none of its service account's
 * (kubernetes/kubernetes plugin/pkg/admission/serviceaccount/admission.go).
 */
export function pullSecretNamesOf(holder: unknown): readonly string[] {
  return listAt(holder, ["imagePullSecrets"], 200).flatMap((entry) =>
    isObject(entry) ? (textAt(entry, ["name"], longestName) ?? "") : [],
  );
}

/** The owner with `controller: true`, as the garbage collector and the controllers see it. */
export function controllerOf(value: unknown): OwnerFacts | undefined {
  const owners = listAt(value, ["metadata", "ownerReferences"], 50);
  const owner = owners.find((reference) => member(reference, "controller") === true);
  const kind = textAt(owner, ["kind"], longestName);
  const name = textAt(owner, ["name"], longestName);
  if (kind === undefined || name === undefined) return undefined;
  return { kind, name, uid: textAt(owner, ["uid"], 128) ?? "" };
}

const platformLabels: readonly string[] = [
  "kubernetes.io/os",
  "kubernetes.io/arch",
  "beta.kubernetes.io/os",
  "beta.kubernetes.io/arch",
];

/** `nodeSelector` of a pod spec, and what required node affinity leaves no choice about. */
export function nodeSelectorOf(spec: unknown): Readonly<Record<string, string>> {
  const result: Record<string, string> = Object.assign(Object.create(null), textMapAt(spec, ["nodeSelector"]));
  const terms = listAt(
    spec,
    ["affinity", "nodeAffinity", "requiredDuringSchedulingIgnoredDuringExecution", "nodeSelectorTerms"],
    50,
  );
  // Terms are alternatives: only where there is one does it bind.
  if (terms.length !== 1) return result;
  for (const expression of listAt(terms[0], ["matchExpressions"], 50)) {
    const key = textAt(expression, ["key"], 400);
    const values = listAt(expression, ["values"], 50);
    const only = values.length === 1 ? values[0] : undefined;
    if (key === undefined || member(expression, "operator") !== "In" || typeof only !== "string") continue;
    if (platformLabels.includes(key)) result[key] = only.slice(0, 64);
  }
  return result;
}

/** Volumes of a pod spec whose content is an image. */
export function imageVolumesOf(spec: unknown): PodFacts["imageVolumes"] {
  return listAt(spec, ["volumes"], mostContainers).flatMap((volume) => {
    const name = textAt(volume, ["name"], longestName);
    const image = textAt(volume, ["image", "reference"], 4096);
    if (name === undefined || image === undefined) return [];
    const pullPolicy = textAt(volume, ["image", "pullPolicy"], 64);
    return [{ name, image, ...(pullPolicy === undefined ? {} : { pullPolicy }) }];
  });
}

const groups = [
  { spec: "initContainers", status: "initContainerStatuses", kind: "init" },
  { spec: "containers", status: "containerStatuses", kind: "regular" },
  { spec: "ephemeralContainers", status: "ephemeralContainerStatuses", kind: "ephemeral" },
] as const;

function containersOf(value: unknown): readonly ContainerFacts[] {
  return groups.flatMap((group) => {
    const statuses = new Map<string, unknown>();
    for (const status of listAt(value, ["status", group.status], mostContainers)) {
      const name = textAt(status, ["name"], longestName);
      if (name !== undefined) statuses.set(name, status);
    }
    return listAt(value, ["spec", group.spec], mostContainers).flatMap((container) =>
      containerOf(container, group.kind, statuses),
    );
  });
}

function containerOf(
  container: unknown,
  kind: ContainerFacts["kind"],
  statuses: ReadonlyMap<string, unknown>,
): readonly ContainerFacts[] {
  const name = textAt(container, ["name"], longestName);
  if (name === undefined) return [];
  const pullPolicy = textAt(container, ["imagePullPolicy"], 64);
  const status = statusOf(statuses.get(name));
  return [
    {
      name,
      // An init container that restarts always is a sidecar (KEP 753).
      kind: kind === "init" && member(container, "restartPolicy") === "Always" ? "sidecar" : kind,
      image: textAt(container, ["image"], 4096) ?? "",
      ...(pullPolicy === undefined ? {} : { pullPolicy }),
      mounts: listAt(container, ["volumeMounts"], mostContainers).flatMap((mount) => textAt(mount, ["name"]) ?? []),
      ...(status === undefined ? {} : { status }),
    },
  ];
}

function statusOf(status: unknown): ContainerStatus | undefined {
  if (!isObject(status)) return undefined;
  const state = (["waiting", "running", "terminated"] as const).find((key) => isObject(member(status, "state", key)));
  const reason = state === undefined ? undefined : textAt(status, ["state", state, "reason"]);
  const message = state === undefined ? undefined : textAt(status, ["state", state, "message"]);
  const imageId = textAt(status, ["imageID"], 4096);
  return {
    state: state ?? "unknown",
    ...(reason === undefined ? {} : { reason }),
    ...(message === undefined ? {} : { message }),
    ...(imageId === undefined ? {} : { imageId }),
    restarts: Math.max(0, numberAt(status, ["restartCount"]) ?? 0),
  };
}
