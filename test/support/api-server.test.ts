import { describe, expect, test } from "vitest";
import { openCluster } from "../collect/open-cluster.ts";
import { podObject } from "../collect/sample-objects.ts";
import { startApiServer } from "./api-server.ts";
import { fieldMatcher, labelMatcher, parseResourcePath, store } from "./api-server-objects.ts";

describe("the API server stand-in", () => {
  test("fails the test on a request that nobody expected", async () => {
    const server = await startApiServer();
    const response = await ask(server.port, server.token, "/api/v1/namespaces/shop/widgets");
    expect(response).toBe(404);
    await expect(server.close()).rejects.toThrow("GET /api/v1/namespaces/shop/widgets");
  });

  test("fails the test on anything but GET", async () => {
    const server = await startApiServer({ objects: [podObject()] });
    await ask(server.port, server.token, "/api/v1/namespaces/shop/pods/web-1", "DELETE");
    await expect(server.close()).rejects.toThrow("DELETE /api/v1/namespaces/shop/pods/web-1");
  });

  test("lets nobody in without a login", async () => {
    await using server = await startApiServer({ objects: [podObject()] });
    expect(await ask(server.port, "wrong", "/api/v1/pods")).toBe(401);
  });

  test("refuses a field that the real one cannot select by", async () => {
    await using opened = await openCluster([podObject()]);
    const read = await opened.cluster.pods({ fields: { "spec.containers": "x" } }, () => true);
    expect(read).toMatchObject({ kind: "failed", why: "the API server answered 400 BadRequest" });
  });

  test("serves pages of ten thousand pods fast enough for a benchmark", async () => {
    const pods = Array.from({ length: 10_000 }, (_, index) => podObject({ name: `p-${index}` }));
    await using opened = await openCluster(pods);
    const since = performance.now();
    expect(await opened.cluster.pods({}, () => false)).toMatchObject({ value: { seen: 10_000 } });
    expect(performance.now() - since).toBeLessThan(10_000);
    expect(opened.server.requests).toHaveLength(20);
  });
});

test.each([
  ["/api/v1/pods", { group: "", version: "v1", plural: "pods" }],
  ["/api/v1/namespaces/shop/pods/web", { group: "", version: "v1", plural: "pods", namespace: "shop", name: "web" }],
  [
    "/apis/apps/v1/namespaces/shop/deployments",
    { group: "apps", version: "v1", plural: "deployments", namespace: "shop" },
  ],
  ["/api/v1/nodes/node1", { group: "", version: "v1", plural: "nodes", name: "node1" }],
  ["/api/v1/namespaces/shop", { group: "", version: "v1", plural: "namespaces", name: "shop" }],
  ["/apis/apps/v1/pods", undefined],
  ["/api/v1/namespaces/shop/pods/web/log", undefined],
  ["/healthz", undefined],
])("the path %s names %j", (path, expected) => {
  expect(parseResourcePath(path)).toEqual(expected);
});

test("selectors match as the real server's do", () => {
  const stored = store(podObject({ labels: { app: "web" } }));
  expect(labelMatcher("app in (web,api),!old,tier!=x")?.(stored)).toBe(true);
  expect(labelMatcher("app notin (web)")?.(stored)).toBe(false);
  expect(labelMatcher("a b c")).toBeUndefined();
  expect(fieldMatcher("status.phase=Pending,metadata.name!=x", "pods")?.(stored)).toBe(true);
  expect(fieldMatcher("status.phase!=Pending", "pods")?.(stored)).toBe(false);
});

async function ask(port: number, token: string, path: string, method = "GET"): Promise<number | undefined> {
  const { request } = await import("node:https");
  return new Promise((resolve, reject) => {
    const headers = { authorization: `Bearer ${token}` };
    const sent = request({ port, path, method, headers, rejectUnauthorized: false, agent: false }, (response) => {
      response.resume();
      response.on("end", () => resolve(response.statusCode));
    });
    sent.on("error", reject);
    sent.end();
  });
}
