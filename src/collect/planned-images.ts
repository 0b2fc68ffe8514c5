import type { PlannedImage } from "../domain/query.ts";
import { isObject, listAt, textAt } from "./json-values.ts";
import { imageVolumesOf, nodeSelectorOf, pullSecretNamesOf } from "./parse-pod.ts";
import { podSpecOf } from "./parse-workload.ts";
import { objectsIn } from "./saved-cluster.ts";

/** What manifests of one file (or stdin) hold. */
export interface ManifestFile {
  /** Name for the origin: `chart.yaml`, `stdin`. */
  readonly name: string;
  readonly documents: readonly unknown[];
}

export interface PlanDefaults {
  /** Namespace of what names none. */
  readonly namespace: string;
  /** `--service-account`: for what names none. */
  readonly serviceAccountName?: string;
}

/** A rendered chart of a large platform has some hundreds of images. */
const mostImages = 5000;

/**
 * The images that applying these manifests would pull, with what the pods would be pulled with: bare Pods, and every object
 * with a pod template (Deployment, StatefulSet, DaemonSet, ReplicaSet, ReplicationController, Job, CronJob, and custom
 * workloads that have `spec.template.spec.containers`), inside Lists too. What is no such object is passed over.
 * Pull secrets stay as written; `collect` merges the service account's where there are none, as admission does.
 */
export function plannedImages(files: readonly ManifestFile[], defaults: PlanDefaults): readonly PlannedImage[] {
  const accounts = plannedAccounts(files, defaults);
  const images = files.flatMap(({ name, documents }) =>
    objectsIn(documents).flatMap((object) => imagesOf(object, name, defaults, accounts)),
  );
  return images.slice(0, mostImages);
}

/** One image given by name (`--image`), pulled as a pod of the namespace with that service account would be. */
export function plannedImage(image: string, defaults: PlanDefaults): PlannedImage {
  return {
    image,
    origin: "--image",
    namespace: defaults.namespace,
    ...(defaults.serviceAccountName === undefined ? {} : { serviceAccountName: defaults.serviceAccountName }),
    pullSecretNames: [],
    nodeSelector: {},
  };
}

function imagesOf(
  object: unknown,
  file: string,
  defaults: PlanDefaults,
  accounts: ReadonlyMap<string, readonly string[]>,
): readonly PlannedImage[] {
  const spec = podSpecOf(object);
  if (!isObject(spec)) return [];
  const kind = textAt(object, ["kind"], 64) ?? "object";
  const name = textAt(object, ["metadata", "name"], 253) ?? textAt(object, ["metadata", "generateName"], 253) ?? "";
  const namespace = textAt(object, ["metadata", "namespace"], 253) ?? defaults.namespace;
  const serviceAccountName =
    textAt(spec, ["serviceAccountName"], 253) ?? textAt(spec, ["serviceAccount"], 253) ?? defaults.serviceAccountName;
  const own = pullSecretNamesOf(spec);
  const shared = {
    origin: `${kind.toLowerCase()}/${name} in ${file}`,
    namespace,
    owner: { kind, name },
    ...(serviceAccountName === undefined ? {} : { serviceAccountName }),
    // A service account in the same manifests is newer than the cluster's.
    pullSecretNames: own.length > 0 ? own : (accounts.get(`${namespace}/${serviceAccountName ?? "default"}`) ?? []),
    nodeSelector: nodeSelectorOf(spec),
  };
  const containers = [...listAt(spec, ["initContainers"]), ...listAt(spec, ["containers"])].flatMap((container) => {
    const image = textAt(container, ["image"], 4096);
    const containerName = textAt(container, ["name"], 253);
    const pullPolicy = textAt(container, ["imagePullPolicy"], 64);
    if (image === undefined) return [];
    return [
      {
        ...shared,
        image,
        ...(containerName === undefined ? {} : { container: containerName }),
        ...(pullPolicy === undefined ? {} : { pullPolicy }),
      },
    ];
  });
  const volumes = imageVolumesOf(spec).map(({ image, pullPolicy }) => ({
    ...shared,
    image,
    ...(pullPolicy === undefined ? {} : { pullPolicy }),
  }));
  return [...containers, ...volumes];
}

function plannedAccounts(
  files: readonly ManifestFile[],
  defaults: PlanDefaults,
): ReadonlyMap<string, readonly string[]> {
  const accounts = new Map<string, readonly string[]>();
  for (const { documents } of files) {
    for (const object of objectsIn(documents)) {
      const name = textAt(object, ["metadata", "name"], 253);
      if (textAt(object, ["kind"], 64) !== "ServiceAccount" || name === undefined) continue;
      const namespace = textAt(object, ["metadata", "namespace"], 253) ?? defaults.namespace;
      accounts.set(`${namespace}/${name}`, pullSecretNamesOf(object));
    }
  }
  return accounts;
}
