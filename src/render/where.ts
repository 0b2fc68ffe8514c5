import type { ContainerRef } from "../domain/diagnosis.ts";
import { plainName } from "./plain-text.ts";

/** Each once, in order of appearance; what is undefined is left out. */
function distinct(values: readonly (string | undefined)[]): string[] {
  return [...new Set(values.filter((value) => value !== undefined))];
}

/** `a, b and c`, or `a, b, c and 9 more`. */
export function enumerate(names: readonly string[], most: number): string {
  if (names.length > most + 1) return `${names.slice(0, most).join(", ")} and ${names.length - most} more`;
  const last = names.at(-1) ?? "";
  return names.length < 2 ? last : `${names.slice(0, -1).join(", ")} and ${last}`;
}

/** `1 pod`, `12 pods`. */
export function count(number: number, noun: string): string {
  return `${number} ${noun}${number === 1 ? "" : "s"}`;
}

function kindOf(reference: ContainerRef): "pod" | "workload" | "image" {
  if (reference.pod !== undefined) return "pod";
  return reference.owner === undefined ? "image" : "workload";
}

const nouns = { pod: "pod", workload: "workload", image: "image" } as const;

function nameOf(reference: ContainerRef): string | undefined {
  return reference.pod ?? reference.owner ?? reference.file;
}

function subjects(references: readonly ContainerRef[], most: number): string[] {
  return (["pod", "workload", "image"] as const).flatMap((kind) => {
    const those = references.filter((reference) => kindOf(reference) === kind);
    if (those.length === 0) return [];
    const namespaces = distinct(those.map((reference) => reference.namespace));
    const alone = namespaces.length === 1;
    const names = distinct(
      those.map((reference) => {
        const name = nameOf(reference);
        return name === undefined || alone ? name : `${reference.namespace}/${name}`;
      }),
    ).map((name) => plainName(name, 100));
    const place = alone
      ? ` in namespace ${plainName(namespaces[0] ?? "", 80)}`
      : ` in ${count(namespaces.length, "namespace")}`;
    if (names.length === 0) return [`an image that no pod runs yet${place}`];
    const phrase =
      names.length === 1
        ? `${kind === "image" ? "file" : nouns[kind]} ${names[0]}${place}`
        : `${count(names.length, kind === "image" ? "file" : nouns[kind])}${place}: ${enumerate(names, most)}`;
    return [phrase];
  });
}

/**
 * Where a diagnosis holds, as short phrases, the pods first: `12 pods in namespace shop: a, b, c and 9 more`, `container web`,
 * `made by Deployment/web`, `on 3 nodes: n1, n2 and n3`. Names are plain already.
 */
export function whereabouts(references: readonly ContainerRef[], most = 3): string[] {
  const containers = distinct(references.map((reference) => reference.container)).map((name) => plainName(name, 100));
  const owners = distinct(
    references.filter((reference) => reference.pod !== undefined).map((reference) => reference.owner),
  ).map((name) => plainName(name, 100));
  const nodes = distinct(references.map((reference) => reference.node)).map((name) => plainName(name, 100));
  const phrases = subjects(references, most);
  if (containers.length > 0)
    phrases.push(`${containers.length === 1 ? "container" : "containers"} ${enumerate(containers, most)}`);
  if (owners.length > 0) phrases.push(`made by ${enumerate(owners, most)}`);
  if (nodes.length === 1) phrases.push(`on node ${nodes[0]}`);
  else if (nodes.length > 1) phrases.push(`on ${nodes.length} nodes: ${enumerate(nodes, most)}`);
  return phrases;
}

/** How many pods (or, where there are none, other things) share it: `12 pods`, `1 workload`, `2 images`. */
export function howMany(references: readonly ContainerRef[]): string {
  const pods = new Set(references.flatMap(({ namespace, pod }) => (pod === undefined ? [] : [`${namespace}/${pod}`])))
    .size;
  if (pods > 0) return count(pods, "pod");
  const workloads = references.filter((reference) => reference.owner !== undefined).length;
  return workloads > 0 ? count(workloads, "workload") : count(Math.max(1, references.length), "image");
}
