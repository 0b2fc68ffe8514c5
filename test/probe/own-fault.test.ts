import { expect, test, vi } from "vitest";
import { Network } from "../../src/probe/network.ts";
import { originOf } from "../../src/probe/registry-url.ts";
import { lookupBySystem } from "../../src/probe/resolve-name.ts";
import { startOddServer } from "./support/odd-server.ts";

test("a program that breaks while it asks is a bug, and nothing that the registry did", async () => {
  await using server = await startOddServer(["registry.shop.test"], () => ({ status: 200 }));
  const { lookup = lookupBySystem, ca = [] } = server.settings;
  const network = new Network({ lookup, overrides: new Map(), proxyEnvironment: {}, tls: { ca } });
  // undici's parser of responses, which it has not loaded yet.
  vi.stubGlobal("WebAssembly", {
    Module: class {
      constructor() {
        throw new TypeError("getRawAsset is not a function");
      }
    },
  });
  const asked = network.home(originOf("https", `registry.shop.test:${server.port}`)).send({
    step: "manifest",
    method: "GET",
    url: new URL(`https://registry.shop.test:${server.port}/v2/`),
    headers: {},
    limit: 1_000,
    deadline: performance.now() + 5_000,
  });
  await expect(asked).rejects.toThrow(TypeError);
  vi.unstubAllGlobals();
  await network.close();
});
