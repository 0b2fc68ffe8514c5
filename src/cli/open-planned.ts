import path from "node:path";
import type { Cluster } from "../collect/cluster.ts";
import type { ManifestFile, PlanDefaults } from "../collect/planned-images.ts";
import { KnownError } from "../domain/known-error.ts";
import type { OpenQuery } from "./opened-query.ts";
import { type Options, value } from "./options.ts";
import { clusterSettings } from "./settings.ts";
import type { World } from "./world.ts";

/**
 * `-f` and `--image`: images that no pod runs yet. With a cluster, its pull secrets and nodes count; where there is none,
 * the images are asked for without a login, or with those of `--docker-config`, on no particular platform.
 */
export async function openPlanned(options: Options, world: World, tell: (text: string) => void): Promise<OpenQuery> {
  const cluster = await clusterIfAny(options, world, tell);
  const namespace = value(options, "namespace") ?? cluster.namespace;
  const serviceAccountName = value(options, "service-account");
  const defaults: PlanDefaults = { namespace, ...(serviceAccountName === undefined ? {} : { serviceAccountName }) };
  const { plannedImage, plannedImages, plannedSecrets } = await import("../collect/planned-images.ts");
  const images = (options.values.get("image") ?? []).map((image) => plannedImage(image, defaults));
  const names = options.values.get("filename");
  const files = names === undefined ? [] : await readManifests(names, world);
  if (names !== undefined) {
    images.push(...plannedImages(files, defaults));
    if (images.length === 0) {
      throw new KnownError(
        "usage",
        `there is no image in ${names.join(", ")}`,
        "It takes manifests with pod templates.",
      );
    }
  }
  return {
    cluster,
    subject: [
      ...(options.values.get("filename") ?? []).map((file) => `-f ${file}`),
      ...(options.values.get("image") ?? []).map((image) => `--image ${image}`),
    ].join(" "),
    query: {
      subject: { kind: "planned", images, ...plannedSecrets(files, defaults) },
      namespace,
      probe: !options.on.has("no-probe"),
    },
  };
}

async function readManifests(names: readonly string[], world: World): Promise<ManifestFile[]> {
  const { readInputs } = await import("./read-inputs.ts");
  const { readPlacedDocuments } = await import("../collect/yaml-documents.ts");
  const files: ManifestFile[] = [];
  for (const { name, text } of await readInputs(names, world)) {
    const placed = await readPlacedDocuments(text).catch((error: unknown) => {
      const why = error instanceof Error ? error.message : "not readable";
      throw new KnownError("usage", `${name} is ${why}`, "Render templates first, e.g. with helm template.", {
        cause: error,
      });
    });
    files.push(name === "-" ? { ...placed, name: "stdin" } : { ...placed, name, file: fromHere(name, world) });
  }
  return files;
}

/** Relative to where the program was started, as code scanning wants it, unless the file lies elsewhere. */
function fromHere(name: string, { cwd }: World): string {
  const relative = path.relative(cwd, path.resolve(cwd, name));
  return relative.startsWith("..") || path.isAbsolute(relative) ? name : relative.replaceAll(path.sep, "/");
}

/** The cluster that is named, or the kubeconfig's; none at all is fine unless one was named. */
async function clusterIfAny(options: Options, world: World, tell: (text: string) => void): Promise<Cluster> {
  const { openKubernetes } = await import("../collect/kubernetes.ts");
  const named = ["context", "kubeconfig", "server", "cluster"].some((flag) => options.values.has(flag));
  try {
    const cluster = await openKubernetes(clusterSettings(options, world, tell), world.interrupt);
    return named ? cluster : (await import("../collect/optional-cluster.ts")).optionalCluster(cluster);
  } catch (error) {
    if (named || !(error instanceof KnownError)) throw error;
    const { noCluster } = await import("../collect/no-cluster.ts");
    return /^no kubeconfig\b/.test(error.message) ? noCluster() : noCluster("default", error.message);
  }
}
