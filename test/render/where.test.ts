import { describe, expect, test } from "vitest";
import type { ContainerRef } from "../../src/domain/diagnosis.ts";
import { count, howMany, whereabouts } from "../../src/render/where.ts";

function pod(name: string, rest: Partial<ContainerRef> = {}): ContainerRef {
  return { namespace: "shop", pod: name, container: "web", ...rest };
}

function said(references: readonly ContainerRef[]): string {
  return whereabouts(references).join(", ");
}

describe("whereabouts", () => {
  test("a single pod is named with its container and node", () => {
    expect(said([pod("a", { node: "n1" })])).toBe("pod a in namespace shop, container web, on node n1");
  });

  test("many pods fold behind the first three, and nobody is told of 1 more", () => {
    const pods = ["a", "b", "c", "d", "e"].map((name) => pod(name));
    expect(said(pods)).toBe("5 pods in namespace shop: a, b, c and 2 more, container web");
    expect(said(pods.slice(0, 4))).toBe("4 pods in namespace shop: a, b, c and d, container web");
  });

  test("a pod with two containers is one pod", () => {
    expect(said([pod("a"), pod("a", { container: "side" })])).toBe("pod a in namespace shop, containers web and side");
  });

  test("pods of several namespaces carry theirs", () => {
    expect(said([pod("a"), pod("a", { namespace: "bank" })])).toBe(
      "2 pods in 2 namespaces: shop/a and bank/a, container web",
    );
  });

  test("a pod of its own is not put down to the workload of the others", () => {
    const owner = "Deployment/web";
    expect(said([pod("a", { owner }), pod("b", { owner })])).toContain("2 pods of Deployment/web in");
    expect(said([pod("a", { owner }), pod("b")])).toBe("2 pods in namespace shop: a and b, container web");
  });

  test("a workload without pods, and an image that is only planned", () => {
    expect(said([{ namespace: "shop", owner: "Job/x" }])).toBe("workload Job/x in namespace shop");
    expect(said([{ namespace: "shop" }])).toBe("an image that no pod runs yet in namespace shop");
    expect(said([{ namespace: "shop", owner: "Deployment/x", file: "a.yaml", line: 3 }])).toBe(
      "workload Deployment/x in namespace shop, file a.yaml:3",
    );
  });

  test("names of the object prototype are names like any other", () => {
    expect(said([pod("constructor"), pod("__proto__")])).toBe(
      "2 pods in namespace shop: constructor and __proto__, container web",
    );
  });
});

test("howMany counts pods once, then workloads, then images", () => {
  expect(howMany([pod("a"), pod("a", { container: "b" }), pod("b")])).toBe("2 pods");
  expect(howMany([{ namespace: "shop", owner: "Job/x" }])).toBe("1 workload");
  expect(howMany([{ namespace: "shop" }, { namespace: "shop" }])).toBe("2 images");
  const refused = { namespace: "shop", owner: "Job/x" };
  expect(howMany([refused, pod("a"), refused, { namespace: "bank", owner: "Job/x" }])).toBe("1 pod and 2 workloads");
});

test("count knows its plurals", () => {
  expect([count(0, "pod"), count(1, "diagnosis"), count(2, "diagnosis")]).toEqual([
    "0 pods",
    "1 diagnosis",
    "2 diagnoses",
  ]);
});
