import { setTimeout as pause } from "node:timers/promises";
import { expect, test } from "vitest";
import { Network } from "../../src/probe/network.ts";
import { originOf } from "../../src/probe/registry-url.ts";
import { lookupBySystem } from "../../src/probe/resolve-name.ts";
import { startOddServer } from "./support/odd-server.ts";

test("a host that one question had no time for is asked by the next", async () => {
  await using server = await startOddServer(["registry.shop.test"], () => ({ status: 200 }));
  const { lookup: quick = lookupBySystem, ca = [] } = server.settings;
  const lookup = async (hostname: string) => {
    await pause(200);
    return quick(hostname);
  };
  const network = new Network({ lookup, overrides: new Map(), proxyEnvironment: {}, tls: { ca } });
  const origin = originOf("https", `registry.shop.test:${server.port}`);
  const host = network.home(origin);
  const ask = (milliseconds: number) =>
    host.send({
      step: "manifest",
      method: "GET",
      url: new URL(`https://registry.shop.test:${server.port}/v2/`),
      headers: {},
      limit: 1_000,
      deadline: performance.now() + milliseconds,
    });
  expect(await ask(50)).toMatchObject({ ok: false, failure: { step: "resolve", fault: "dns-unreachable" } });
  expect(await ask(5_000)).toMatchObject({ ok: true, value: { status: 200 } });
  await network.close();
});
