import { KnownError } from "../domain/known-error.ts";
import type { NamedResource } from "../domain/query.ts";
import { nearest } from "./nearest.ts";

/** kubectl's names and short names of the kinds that make pods, with and without their API group. */
const types: Readonly<Record<NamedResource["type"], readonly string[]>> = {
  pod: ["pods", "po"],
  deployment: ["deployments", "deploy", "deployment.apps", "deployments.apps"],
  statefulset: ["statefulsets", "sts", "statefulset.apps", "statefulsets.apps"],
  daemonset: ["daemonsets", "ds", "daemonset.apps", "daemonsets.apps"],
  replicaset: ["replicasets", "rs", "replicaset.apps", "replicasets.apps"],
  job: ["jobs", "job.batch", "jobs.batch"],
  cronjob: ["cronjobs", "cj", "cronjob.batch", "cronjobs.batch"],
};

const byName = new Map<string, NamedResource["type"]>(
  (Object.keys(types) as NamedResource["type"][]).flatMap((type) =>
    [type, ...types[type]].map((name) => [name, type] as const),
  ),
);

/**
 * What the words of the command line name, as `kubectl get` reads them: `NAME…` are pods, `TYPE/NAME…` what they say,
 * `TYPE NAME…` all of one type, `TYPE,TYPE NAME…` each of both. `TYPE` alone with a selector is `{ type }`.
 * A pod that is called like a type is named `pod/deploy`. Throws KnownError("usage").
 */
export function readTargets(words: readonly string[]): {
  readonly type: NamedResource["type"];
  readonly resources: readonly NamedResource[];
  /** Whether the type stood there without a name. */
  readonly typeOnly: boolean;
} {
  const [first, ...rest] = words;
  if (first === undefined) return { type: "pod", resources: [], typeOnly: false };
  const leading = first.includes("/") ? undefined : byName.get(first.toLowerCase());
  if (leading !== undefined) {
    return { type: leading, resources: rest.map((name) => named(leading, name)), typeOnly: rest.length === 0 };
  }
  const several = first.includes(",") ? first.split(",").map((word) => byName.get(word.toLowerCase())) : [];
  const all = several.filter((type) => type !== undefined);
  if (all.length > 0 && all.length === several.length) {
    if (rest.length === 0)
      throw new KnownError("usage", "several types need a name", "Choose with -l one type at a time.");
    return { type: "pod", resources: rest.flatMap((name) => all.map((type) => named(type, name))), typeOnly: false };
  }
  return { type: "pod", resources: words.map(readOne), typeOnly: false };
}

function readOne(word: string): NamedResource {
  const slash = word.indexOf("/");
  if (slash < 0) return named("pod", word);
  const typed = word.slice(0, slash);
  const type = byName.get(typed.toLowerCase());
  if (type === undefined) {
    const near = nearest(typed, [...byName.keys()]);
    throw new KnownError(
      "usage",
      `there is nothing to diagnose in a ${JSON.stringify(typed)}`,
      near === undefined
        ? `It takes ${Object.keys(types).join(", ")}.`
        : `Did you mean ${near}/${word.slice(slash + 1)}?`,
    );
  }
  return named(type, word.slice(slash + 1));
}

/** Names are DNS subdomains (kubernetes.io/docs/concepts/overview/working-with-objects/names). */
function named(type: NamedResource["type"], name: string): NamedResource {
  if (!/^[a-z0-9](?:[a-z0-9.-]{0,251}[a-z0-9])?$/.test(name)) {
    throw new KnownError(
      "usage",
      `${JSON.stringify(name)} cannot be the name of a ${type}`,
      name.includes("/") && byName.has(name.slice(0, name.indexOf("/")).toLowerCase())
        ? "Write TYPE/NAME for each, or one TYPE and then names."
        : "Names have lower-case letters, digits, - and . only. To check an image, use --image.",
    );
  }
  return { type, name };
}
