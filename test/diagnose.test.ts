import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { type AddressInfo, createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { expect, test } from "vitest";
import { eventObject, podObject } from "./collect/sample-objects.ts";
import { startApiServer } from "./support/api-server.ts";
import { writeKubeconfig } from "./support/kubeconfig.ts";
import { runMain } from "./support/run-cli.ts";

/** Runs a diagnosis; the API server answers nothing about the pod's surroundings before the registry is connected to, or for a second. */
async function diagnose(pod: Parameters<typeof podObject>[0], ...flags: readonly string[]) {
  const heard: Buffer[] = [];
  const { promise: connected, resolve } = Promise.withResolvers<true>();
  const registry = createServer((socket) => {
    resolve(true);
    socket.on("data", (chunk: Buffer) => heard.push(chunk)).on("error", () => {});
    setTimeout(() => socket.destroy(), 300);
  }).listen(0, "127.0.0.1");
  await once(registry, "listening");
  const host = `registry.shop.test:${(registry.address() as AddressInfo).port}`;
  const image = `${host}/shop/web:v1`;
  const message = `Failed to pull image "${image}": rpc error: code = NotFound desc = ${image}: not found`;
  await using server = await startApiServer({
    objects: [podObject({ ...pod, uid: "u1", image }), eventObject({ reason: "Failed", message, uid: "u1" })],
  });
  const waits: boolean[] = [];
  server.fault(async (request, _response, next) => {
    if (request.resource === "events") waits.push(await Promise.race([connected, pause(1_000, false)]));
    await next();
  });
  const directory = mkdtempSync(join(tmpdir(), "diagnose-"));
  try {
    const kubeconfig = await writeKubeconfig(server, directory);
    const where = ["--resolve", "registry.shop.test:127.0.0.1", "--timeout", "2s", "-o", "json"];
    const { code } = await runMain(["web-1", "-n", "shop", "--kubeconfig", kubeconfig, ...where, ...flags]);
    return { code, ahead: waits[0], heard: Buffer.concat(heard) };
  } finally {
    rmSync(directory, { recursive: true });
    registry.close();
  }
}

test("the registry is connected to while the API server is still read, and hears no request then", async () => {
  const { code, ahead, heard } = await diagnose({ name: "web-1" });
  expect(code).toBe(1);
  expect(ahead).toBe(true);
  // A TLS record with a ClientHello, and nothing in the clear.
  expect([...heard.subarray(0, 2)]).toEqual([0x16, 0x03]);
  expect(heard.toString("latin1")).not.toMatch(/HTTP\/1|\/v2\//);
});

test.each([
  ["with --no-probe", ["--no-probe"]],
  ["where the node's configuration may lead elsewhere", ["--hosts-dir", tmpdir()]],
])("nobody is connected to ahead %s", async (_where, flags) => {
  expect(await diagnose({ name: "web-1" }, ...flags)).toMatchObject({ code: 1, ahead: false });
});
