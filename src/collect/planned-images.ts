import type { SecretFacts } from "../domain/cluster-facts.ts";
import type { PlannedImage, PlannedSecrets } from "../domain/query.ts";
import { isObject, listAt, member, textAt } from "./json-values.ts";
import { imageVolumesOf, nodeSelectorOf, pullSecretNamesOf } from "./parse-pod.ts";
import { parseSecret } from "./parse-secret.ts";
import { podSpecOf } from "./parse-workload.ts";
import { objectsIn } from "./saved-cluster.ts";
import type { PlacedDocuments } from "./yaml-documents.ts";

/** What manifests of one file (or stdin) hold. */
export interface ManifestFile {
  /** Name for the origin: `chart.yaml`, `stdin`. */
  readonly name: string;
  readonly documents: readonly unknown[];
  /** The file, relative to where the program was started; undefined for stdin. */
  readonly file?: string;
  /** Where things stand, as `readPlacedDocuments` knows it. */
  readonly lineOf?: PlacedDocuments["lineOf"];
  readonly sourceOf?: PlacedDocuments["sourceOf"];
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
  const images = files.flatMap((file) =>
    file.documents.flatMap((document) => {
      // What helm rendered onto stdin stands at no line of a file, but it says which template it was made from.
      const place = file.file ?? file.sourceOf?.(document);
      const lineOf = file.file === undefined ? undefined : file.lineOf;
      const placed = { name: file.name, ...(place === undefined ? {} : { file: place }), lineOf };
      return objectsIn(document).flatMap((object) => imagesOf(object, placed, defaults, accounts));
    }),
  );
  return images.slice(0, mostImages);
}

/**
 * The Secrets that applying these manifests brings: those that are written there, and the names of those that an operator makes
 * of a SealedSecret (github.com/bitnami-labs/sealed-secrets) or an ExternalSecret (github.com/external-secrets/external-secrets).
 */
export function plannedSecrets(files: readonly ManifestFile[], defaults: PlanDefaults): PlannedSecrets {
  const secrets: SecretFacts[] = [];
  const promised = new Map<string, string>();
  const all = files.flatMap(({ name, documents }) => objectsIn(documents).map((object) => ({ file: name, object })));
  for (const { file, object } of all.slice(0, mostImages)) {
    const kind = textAt(object, ["kind"], 64);
    const namespace = textAt(object, ["metadata", "namespace"], 253) ?? defaults.namespace;
    const name = textAt(object, ["metadata", "name"], 253);
    if (kind === "Secret") {
      const secret = parseSecret(object);
      if (secret !== undefined) secrets.push({ ...secret, namespace, managedBy: `manifest ${file}` });
    } else if (name !== undefined && (kind === "SealedSecret" || kind === "ExternalSecret")) {
      const target = kind === "SealedSecret" ? ["spec", "template", "metadata", "name"] : ["spec", "target", "name"];
      promised.set(`${namespace}/${textAt(object, target, 253) ?? name}`, `${kind} ${name}`);
    }
  }
  return { secrets, promised };
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
  place: { readonly name: string; readonly file?: string; readonly lineOf: PlacedDocuments["lineOf"] | undefined },
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
  // A service account in the same manifests is newer than the cluster's.
  const account = accounts.get(`${namespace}/${serviceAccountName ?? "default"}`);
  const shared = {
    origin: `${kind.toLowerCase()}/${name} in ${place.name}`,
    ...(place.file === undefined ? {} : { file: place.file }),
    namespace,
    owner: { kind, name },
    ...(serviceAccountName === undefined ? {} : { serviceAccountName }),
    ...(account === undefined ? {} : { serviceAccountPlanned: true as const }),
    pullSecretNames: own.length > 0 ? own : (account ?? []),
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
        ...lineIn(place, container, "image"),
        ...(containerName === undefined ? {} : { container: containerName }),
        ...(pullPolicy === undefined ? {} : { pullPolicy }),
      },
    ];
  });
  const sources = new Map(
    listAt(spec, ["volumes"]).map((volume) => [textAt(volume, ["name"]), member(volume, "image")]),
  );
  const volumes = imageVolumesOf(spec).map(({ name: volume, image, pullPolicy }) => ({
    ...shared,
    image,
    ...lineIn(place, sources.get(volume), "reference"),
    ...(pullPolicy === undefined ? {} : { pullPolicy }),
  }));
  return [...containers, ...volumes];
}

function lineIn({ lineOf }: Parameters<typeof imagesOf>[1], holder: unknown, key: string): { readonly line?: number } {
  const line = lineOf?.(holder, key);
  return line === undefined ? {} : { line };
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
