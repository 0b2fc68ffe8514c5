import { expect, test } from "vitest";
import { unsettledAndFew } from "../../src/collect/keep-few.ts";
import { parsePod } from "../../src/collect/parse-pod.ts";
import { podObject, running } from "./sample-objects.ts";

test("of thousands of healthy pods a thousand are kept, and every one that may be in trouble", () => {
  const healthy = parsePod(podObject({ state: running }));
  const failing = parsePod(podObject());
  if (healthy === undefined || failing === undefined) throw new Error("not pods");
  const keep = unsettledAndFew();
  const kept = Array.from({ length: 5000 }, () => [keep(healthy), keep(failing)]);
  expect(kept.filter(([good]) => good)).toHaveLength(1000);
  expect(kept.every(([, bad]) => bad)).toBe(true);
});
