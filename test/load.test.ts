import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { describe, expect, test } from "vitest";
import { anonymous, type Question } from "../src/domain/probe.ts";
import { silent } from "../src/domain/progress.ts";
import { parseReference } from "../src/interpret/parse-reference.ts";
import { openProber } from "../src/probe/prober.ts";
import { sharedAuthority } from "./support/certificates.ts";
import { type LoadFault, startLoadRegistries } from "./support/load-registries.ts";
import { failingPods, runLoad } from "./support/load-run.ts";

/** Nothing is missing but what silent registries would say, and that in a few lines, however many they are. */
function onlyUnreached(gaps: readonly { readonly what: string }[]): void {
  expect(gaps.filter(({ what }) => !/^what .* says?$/.test(what))).toEqual([]);
  expect(gaps.length).toBeLessThanOrEqual(6);
}

// The full sizes, with figures: npm run load.
describe("under load", () => {
  test("500 images over 50 faulty registries: all are diagnosed, sockets and memory are bounded", async () => {
    await using town = await startLoadRegistries({ registries: 50, images: 500 }, "by registry");
    const images = town.images.map(({ image }) => image);
    const run = await runLoad({ objects: failingPods(images) }, town, { flags: ["--timeout", "3s"] });
    expect(run).toMatchObject({ code: 1, stderr: "" });
    onlyUnreached(run.gaps);
    // Nothing lost, nothing twice.
    expect(run.diagnoses.map(({ image }) => image).sort()).toEqual([...images].sort());
    expect(run.diagnoses.flatMap(({ containers }) => containers)).toHaveLength(500);
    const verdicts = new Map<LoadFault, string[]>();
    for (const { image, fault } of town.images) {
      const found = run.diagnoses.find((each) => each.image === image);
      verdicts.set(fault, [...(verdicts.get(fault) ?? []), `${found?.code} ${found?.certainty}`]);
    }
    // Where the registry answers it decides; where it does not, what the node was told stands.
    const told = "manifest-not-found likely";
    for (const fault of ["hang", "reset", "limit"] as const)
      expect(new Set(verdicts.get(fault))).toEqual(new Set([told]));
    for (const [fault, decided] of [
      ["none", "repository-not-found certain"],
      ["huge", "manifest-invalid certain"],
    ] as const) {
      const all = verdicts.get(fault) ?? [];
      // On a machine that is busy with other tests some answers come too late.
      expect(all.filter((each) => each !== decided && each !== told)).toEqual([]);
      expect(all.filter((each) => each === decided).length).toBeGreaterThan(all.length * 0.8);
    }
    // One connection to a registry; for a moment two, while one is being left for the next.
    expect(town.mostOpen.one).toBeLessThanOrEqual(2);
    expect(town.mostOpen.all).toBeLessThanOrEqual(50 + 8);
    expect(run.memory).toBeLessThan(600);
    expect(run.server.requests.length).toBeLessThan(60);
  }, 60_000);

  test("3,000 failing pods at one faulty registry: each image is asked about once, in bounded memory", async () => {
    await using town = await startLoadRegistries({ registries: 1, images: 300 }, "by image");
    const images = Array.from({ length: 3000 }, (_, index) => town.images[index % 300]?.image ?? "");
    const run = await runLoad({ objects: failingPods(images) }, town, { flags: ["--timeout", "1s"] });
    expect(run).toMatchObject({ code: 1, stderr: "" });
    onlyUnreached(run.gaps);
    expect(run.diagnoses).toHaveLength(300);
    expect(run.diagnoses.every(({ containers }) => containers.length === 10)).toBe(true);
    const pods = run.diagnoses.flatMap(({ containers }) =>
      containers.map(({ namespace, pod }) => `${namespace}/${pod}`),
    );
    expect(new Set(pods).size).toBe(3000);
    // After ten images it said 429, and was left in peace.
    expect(town.requests).toBeLessThan(60);
    expect(run.memory).toBeLessThan(500);
    expect(run.server.requests.length).toBeLessThan(60);
  }, 60_000);

  test("answers of megabytes do not pile up, and a registry that never answers is not waited for again and again", async () => {
    await using town = await startLoadRegistries({ registries: 10, images: 300 }, "by registry");
    const questionsTo = (fault: LoadFault): Question[] =>
      town.images.flatMap((each) => {
        const parsed = parseReference(each.image);
        return each.fault !== fault || parsed.kind !== "valid"
          ? []
          : [{ kind: "manifest", reference: parsed.reference, as: anonymous }];
      });
    const resolve = new Map(town.hosts.map((host) => [host.split(":")[0] ?? "", "127.0.0.1"]));
    const ca = [(await sharedAuthority()).cert];
    const prober = openProber({ timeout: 1000, userAgent: "test", ca, resolve });
    try {
      const before = held();
      const answers = await prober.ask(questionsTo("huge"), silent, new AbortController().signal);
      expect(answers).toHaveLength(30);
      expect(answers.filter(({ answer }) => answer.kind === "granted").length).toBeGreaterThan(10);
      // Thirty answers of 4 MiB each.
      expect(held() - before).toBeLessThan(30);

      const start = performance.now();
      const hung = await prober.ask(questionsTo("hang"), silent, new AbortController().signal);
      expect(hung.every(({ answer }) => answer.kind === "unreachable" && answer.fault === "response-timeout")).toBe(
        true,
      );
      expect(hung).toHaveLength(30);
      expect(performance.now() - start).toBeLessThan(10_000);
    } finally {
      await prober.close();
    }
  }, 60_000);
});

/** MiB outside the heap that are still referred to. */
function held(): number {
  setFlagsFromString("--expose-gc");
  const collect: unknown = runInNewContext("gc");
  if (typeof collect === "function") collect();
  return process.memoryUsage().arrayBuffers / 1_048_576;
}
