import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { failingContainers } from "../../src/collect/failing-containers.ts";
import { imageNamedIn, isTelling, speaksOfImage, speaksOfSandboxImage } from "../../src/collect/image-words.ts";
import { parseEvent } from "../../src/collect/parse-event.ts";
import { parseNode } from "../../src/collect/parse-node.ts";
import { parsePod } from "../../src/collect/parse-pod.ts";
import { parseSecret } from "../../src/collect/parse-secret.ts";
import { parseServiceAccount } from "../../src/collect/parse-service-account.ts";
import { parseWorkload } from "../../src/collect/parse-workload.ts";
import { plannedImages } from "../../src/collect/planned-images.ts";
import { objectsIn } from "../../src/collect/saved-cluster.ts";
import { cpuTime } from "../support/cpu-time.ts";
import {
  eventObject,
  nodeObject,
  podObject,
  type Sample,
  secretObject,
  waitingFor,
  workloadObject,
} from "./sample-objects.ts";

/** A sample object in which any member may be replaced by anything. */
function damaged(sample: Sample): fc.Arbitrary<unknown> {
  const paths: (readonly string[])[] = [];
  const walk = (value: unknown, path: readonly string[]) => {
    if (path.length > 0) paths.push(path);
    if (typeof value === "object" && value !== null)
      for (const [key, inner] of Object.entries(value)) walk(inner, [...path, key]);
  };
  walk(sample, []);
  const junk = fc.oneof(
    fc.jsonValue({ maxDepth: 2 }),
    fc.constantFrom(null, 5, "", [], {}, [null], "\u0000\u202e", -1, 1e308),
  );
  return fc.array(fc.tuple(fc.constantFrom(...paths), junk), { minLength: 1, maxLength: 4 }).map((changes) => {
    const copy: unknown = structuredClone(sample);
    for (const [path, value] of changes) replace(copy, path, value);
    return copy;
  });
}

function replace(object: unknown, path: readonly string[], value: unknown): void {
  const [key, ...rest] = path;
  if (typeof object !== "object" || object === null || key === undefined) return;
  if (rest.length === 0) Reflect.set(object, key, value);
  else replace(Reflect.get(object, key), rest, value);
}

const pod = podObject({
  secrets: ["a"],
  labels: { "pod-template-hash": "x" },
  owner: { kind: "ReplicaSet", name: "web-x", uid: "r" },
});
const event = eventObject({ uid: "u", reason: "Failed", message: 'Failed to pull image "x": y' });

describe("whatever an object holds, it is read without an exception", () => {
  test("pods and Events", () => {
    fc.assert(
      fc.property(damaged(pod), damaged(event), (brokenPod, brokenEvent) => {
        const parsed = parsePod(brokenPod);
        const events = [parseEvent(brokenEvent), parseEvent(event)].filter((one) => one !== undefined);
        if (parsed !== undefined) failingContainers([parsed], events);
      }),
      { numRuns: 500 },
    );
  });

  test("Secrets, service accounts, nodes, workloads, manifests", () => {
    const samples = [secretObject("s"), nodeObject(), workloadObject({ kind: "Deployment", name: "d", uid: "u" }), pod];
    fc.assert(
      fc.property(fc.oneof(...samples.map(damaged)), (object) => {
        parseSecret(object);
        parseServiceAccount(object);
        parseNode(object);
        parseWorkload(object, "Deployment");
        parseWorkload(object, "DaemonSet");
        plannedImages([{ name: "x", documents: [object] }], { namespace: "n" });
        objectsIn({ kind: "List", items: [object, [object]] });
      }),
      { numRuns: 500 },
    );
  });

  test("anything at all", () => {
    fc.assert(
      fc.property(fc.anything(), (value) => {
        for (const parse of [parsePod, parseEvent, parseSecret, parseServiceAccount, parseNode]) parse(value);
        parseWorkload(value, "Job");
      }),
    );
  });
});

describe("what an object holds is bounded", () => {
  test("ten thousand containers, and names and messages of a megabyte", () => {
    const long = "x".repeat(1024 * 1024);
    const containers = Array.from({ length: 10_000 }, (_, index) => ({ name: `c${index}`, image: long }));
    const statuses = containers.map(({ name }) => ({ name, state: waitingFor("ErrImagePull", long) }));
    const parsed = parsePod(
      podObject({ spec: { containers }, status: { phase: "Pending", containerStatuses: statuses } }),
    );
    const targets = parsed === undefined ? [] : failingContainers([parsed], []);
    expect(targets).toHaveLength(500);
    expect(targets[0]?.image.length).toBe(4096);
    expect(targets[0]?.failures[0]?.message.length).toBe(16_384);
  });

  test("ten thousand Events of one pod give forty failures", () => {
    const parsed = parsePod(podObject({ uid: "u" }));
    const events = Array.from({ length: 10_000 }, (_, index) =>
      parseEvent(
        eventObject({
          uid: "u",
          reason: "Failed",
          message: `Failed to pull image "registry.example.com/shop/web:v1": ${index}`,
        }),
      ),
    ).filter((one) => one !== undefined);
    const [target] = parsed === undefined ? [] : failingContainers([parsed], events);
    expect(target?.failures).toHaveLength(40);
  });

  test("deeply nested Lists end", () => {
    let nested: unknown = podObject();
    for (let depth = 0; depth < 10_000; depth++) nested = { kind: "List", items: [nested] };
    expect(objectsIn(nested)).toEqual([]);
  });
});

test("no prototype answers for an object", () => {
  const parsed = parsePod(
    JSON.parse(
      '{"metadata":{"name":"x","labels":{"__proto__":"y","constructor":"z"}},"__proto__":{"spec":{"containers":[{"name":"a"}]}}}',
    ),
  );
  expect(parsed?.containers).toEqual([]);
  expect(parsed?.labels["constructor"]).toBe("z");
  expect(parsed?.labels["toString"]).toBeUndefined();
});

test.each([
  ["image ", 'image "', 'image "'],
  ["unpack", "docker://", "pulling "],
])("hostile text of 16 KiB is read in linear time (%s)", (...seeds) => {
  const since = cpuTime();
  for (const seed of seeds) {
    const text = seed.repeat(Math.ceil(16_384 / seed.length));
    speaksOfImage(text);
    speaksOfSandboxImage(text);
    imageNamedIn(text);
    isTelling(text);
  }
  expect(cpuTime() - since).toBeLessThan(200);
});
