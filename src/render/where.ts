import type { ContainerRef } from "../domain/diagnosis.ts";
import { plainName } from "./plain-text.ts";

/** Each once, in order of appearance; what is undefined is left out. */
function distinct(values: readonly (string | undefined)[]): string[] {
  return [...new Set(values.filter((value) => value !== undefined))];
}

/** `a, b and c`, or `a, b, c and 9 more`; nobody writes `and 1 more`. */
function enumerate(names: readonly string[], most: number): string {
  if (names.length > most + 1) return `${names.slice(0, most).join(", ")} and ${names.length - most} more`;
  const last = names.at(-1) ?? "";
  return names.length < 2 ? last : `${names.slice(0, -1).join(", ")} and ${last}`;
}

/** `1 pod`, `12 pods`, `3 diagnoses`. */
export function count(number: number, noun: string): string {
  if (number === 1) return `1 ${noun}`;
  return `${number} ${noun.endsWith("is") ? `${noun.slice(0, -2)}es` : `${noun}s`}`;
}

export interface WhereOptions {
  /** How many names stand before `and 9 more`. */
  readonly most: number;
  /** Draws a name, which comes plain. */
  readonly name: (plain: string) => string;
}

const nouns = { pod: "pod", workload: "workload", image: "file" } as const;

function kindOf(reference: ContainerRef): keyof typeof nouns {
  if (reference.pod !== undefined) return "pod";
  return reference.owner === undefined ? "image" : "workload";
}

function subjects(references: readonly ContainerRef[], { most, name }: WhereOptions): string[] {
  return (["pod", "workload", "image"] as const).flatMap((kind) => {
    const those = references.filter((reference) => kindOf(reference) === kind);
    if (those.length === 0) return [];
    const namespaces = distinct(those.map(({ namespace }) => namespace));
    const alone = namespaces.length === 1;
    const names = distinct(
      those.map(({ namespace, pod, owner, file }) => {
        const own = pod ?? owner ?? file;
        return own === undefined || alone ? own : `${namespace}/${own}`;
      }),
    ).map((own) => name(plainName(own, 100)));
    const owners = kind === "pod" ? distinct(those.map(({ owner }) => owner)) : [];
    // Pods of their own among those of a workload: then nothing is said of it, rather than too much.
    const made =
      owners.length === 0 || those.some(({ owner }) => owner === undefined)
        ? ""
        : ` of ${enumerate(
            owners.map((owner) => name(plainName(owner, 100))),
            2,
          )}`;
    const place = alone
      ? ` in namespace ${name(plainName(namespaces[0] ?? "", 80))}`
      : ` in ${count(namespaces.length, "namespace")}`;
    if (names.length === 0) return [`an image that no pod runs yet${place}`];
    if (names.length === 1) return [`${nouns[kind]} ${names[0]}${made}${place}`];
    return [`${count(names.length, nouns[kind])}${made}${place}: ${enumerate(names, most)}`];
  });
}

function filesOf(references: readonly ContainerRef[]): string[] {
  return distinct(
    references.map(({ owner, file, line }) => {
      if (owner === undefined || file === undefined) return undefined;
      return line === undefined ? file : `${file}:${line}`;
    }),
  );
}

/**
 * Where a diagnosis holds, as short phrases, the pods first: `12 pods of Deployment/web in namespace shop: a, b, c and 9 more`,
 * `container web`, `on 3 nodes: n1, n2 and n3`.
 */
export function whereabouts(
  references: readonly ContainerRef[],
  options: WhereOptions = { most: 3, name: (plain) => plain },
): string[] {
  const shown = (names: readonly string[]): string[] => names.map((name) => options.name(plainName(name, 100)));
  const containers = shown(distinct(references.map(({ container }) => container)));
  const nodes = shown(distinct(references.map(({ node }) => node)));
  const files = shown(filesOf(references));
  const phrases = subjects(references, options);
  if (containers.length > 0) {
    phrases.push(`${containers.length === 1 ? "container" : "containers"} ${enumerate(containers, options.most)}`);
  }
  if (files.length > 0) phrases.push(`file ${enumerate(files, options.most)}`);
  if (nodes.length === 1) phrases.push(`on node ${nodes[0]}`);
  else if (nodes.length > 1) phrases.push(`on ${nodes.length} nodes: ${enumerate(nodes, options.most)}`);
  return phrases;
}

/** How many share it, pods first: `12 pods`, `1 workload`, `6 pods and 5 workloads`, `2 images`. */
export function howMany(references: readonly ContainerRef[]): string {
  const pods = new Set(references.flatMap(({ namespace, pod }) => (pod === undefined ? [] : [`${namespace}/${pod}`])));
  const podless = references.filter(({ pod }) => pod === undefined);
  const workloads = new Set(
    podless.flatMap(({ namespace, owner }) => (owner === undefined ? [] : [`${namespace}/${owner}`])),
  );
  const images = podless.filter(({ owner }) => owner === undefined).length;
  const parts = [
    ...(pods.size > 0 ? [count(pods.size, "pod")] : []),
    ...(workloads.size > 0 ? [count(workloads.size, "workload")] : []),
    ...(images > 0 ? [count(images, "image")] : []),
  ];
  return parts.length === 0 ? count(1, "image") : enumerate(parts, parts.length);
}
