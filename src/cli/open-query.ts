import type { Cluster } from "../collect/cluster.ts";
import { KnownError } from "../domain/known-error.ts";
import type { Subject } from "../domain/query.ts";
import { openPlanned } from "./open-planned.ts";
import type { OpenQuery } from "./opened-query.ts";
import { type Options, value } from "./options.ts";
import { clusterSettings } from "./settings.ts";
import { readTargets } from "./targets.ts";
import type { World } from "./world.ts";

/**
 * Turns flags and words into a query over a cluster, saved files, or planned images.
 * Throws KnownError: usage for what contradicts itself, cluster-unreadable where there is no way to the API server.
 */
export async function openQuery(options: Options, world: World, tell: (text: string) => void): Promise<OpenQuery> {
  refuseContradictions(options);
  if (options.values.has("filename") || options.values.has("image")) return openPlanned(options, world, tell);
  const { subject, text } = readSubject(options);
  const cluster = await openCluster(options, world, tell);
  const container = value(options, "container");
  const namespace = namespaceOf(options, subject, cluster);
  return {
    cluster,
    subject: namespace === undefined ? `${text} of all namespaces` : text,
    query: {
      subject,
      namespace,
      ...(container === undefined ? {} : { container }),
      probe: !options.on.has("no-probe"),
    },
  };
}

/** The API server of the kubeconfig, or with `--from` the saved files. */
async function openCluster(options: Options, world: World, tell: (text: string) => void): Promise<Cluster> {
  const files = options.values.get("from");
  if (files !== undefined) {
    const { readInputs } = await import("./read-inputs.ts");
    const { savedCluster } = await import("../collect/saved-cluster.ts");
    const namespace = value(options, "namespace");
    return savedCluster(
      (await readInputs(files, world)).map(({ text }) => text),
      namespace,
    );
  }
  const { openKubernetes } = await import("../collect/kubernetes.ts");
  return openKubernetes(clusterSettings(options, world, tell), world.interrupt);
}

/** Undefined means all: with `-A`, and in saved files of several namespaces where none of them was named. Throws KnownError("usage"). */
function namespaceOf(options: Options, subject: Subject, cluster: Cluster): string | undefined {
  if (options.on.has("all-namespaces")) return undefined;
  const named = value(options, "namespace");
  const saved = cluster.namespaces ?? [];
  if (named !== undefined || saved.length < 2) return named ?? cluster.namespace;
  if (subject.kind !== "named") return undefined;
  if (saved.includes(cluster.namespace)) return cluster.namespace;
  throw usage("in which namespace?", `Add -n with one of: ${saved.slice(0, 10).join(", ")}.`);
}

function readSubject(options: Options): { readonly subject: Subject; readonly text: string } {
  const { type, resources, typeOnly } = readTargets(options.words);
  const selector = value(options, "selector");
  if (selector !== undefined) {
    if (resources.length > 0) throw usage("name and --selector exclude each other", "Give one of the two.");
    return { subject: { kind: "selected", type, selector }, text: `${type === "pod" ? "" : `${type} `}-l ${selector}` };
  }
  if (resources.length > 0) {
    return {
      subject: { kind: "named", resources },
      text: resources.map((each) => `${each.type}/${each.name}`).join(" "),
    };
  }
  if (typeOnly && type !== "pod") {
    throw usage(`which ${type}?`, `Name it: ${type}/NAME, or choose with -l SELECTOR.`);
  }
  return { subject: { kind: "failing" }, text: "failing pods" };
}

function refuseContradictions(options: Options): void {
  const named = options.words.length > 0;
  const selected = options.values.has("selector");
  const planned = options.values.has("filename") || options.values.has("image");
  if (planned && named)
    throw usage("names go with neither -f nor --image", "Check pods and planned images in two runs.");
  if (planned && options.values.has("from"))
    throw usage("--from goes with neither -f nor --image", "Give one of them.");
  if (options.on.has("all-namespaces") && !selected && readTargets(options.words).resources.length > 0) {
    throw usage("a name goes with one namespace, not with all", "Leave out -A, or the name.");
  }
  if (options.on.has("all-namespaces") && planned) {
    throw usage("planned images have one namespace, not all", "Leave out -A; -n is the namespace of what names none.");
  }
  if (options.on.has("watch")) refuseWatch(options, planned);
  if (!planned && options.values.has("docker-config")) {
    throw usage("--docker-config is for -f and --image only", "A pod is diagnosed with the logins its node would use.");
  }
  if (options.values.has("registry-cert") !== options.values.has("registry-key")) {
    throw usage("--registry-cert and --registry-key go together", "Give both.");
  }
}

function refuseWatch(options: Options, planned: boolean): void {
  if (planned || options.values.has("from")) {
    throw usage("there is nothing to watch in saved or planned pods", "Leave out --watch.");
  }
  const format = value(options, "output") ?? "text";
  if (format !== "text" && format !== "wide") {
    throw usage(`--watch draws text, not ${format}`, "Leave out -o, or --watch.");
  }
  if (options.values.has("output-file"))
    throw usage("--watch draws on stdout, not in a file", "Leave out one of the two.");
}

function usage(message: string, hint: string): KnownError {
  return new KnownError("usage", message, hint);
}
