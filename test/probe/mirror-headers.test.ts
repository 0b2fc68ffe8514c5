import { expect, test } from "vitest";
import type { RegistryHost } from "../../src/domain/probe.ts";
import { askWith, question } from "./support/asking.ts";
import { smallImage, startOddServer } from "./support/odd-server.ts";

test("C3: a secret of the node's own headers is in no answer and no step, though the mirror repeats it", async () => {
  const password = "a-password-of-the-node";
  const basic = Buffer.from(`node:${password}`).toString("base64");
  const headers = { Authorization: [`Basic ${basic}`], "X-JFrog-Art-Api": ["AKCp8h9dEXAMPLE"], "X-Team": ["shop"] };
  const secrets = [password, basic, "AKCp8h9dEXAMPLE"];
  await using server = await startOddServer(["mirror.shop.test"], ({ headers: heard }) => ({
    status: 403,
    headers: { "www-authenticate": `Basic realm="${password}"` },
    body: { errors: [{ code: "DENIED", message: `${JSON.stringify(heard)} ${secrets.join(", ")}` }] },
  }));
  const host = `mirror.shop.test:${server.port}`;
  const via: RegistryHost = { scheme: "https", host, path: "/v2", capabilities: ["pull", "resolve"], headers };
  const [probe] = await askWith(server.settings, question("registry.shop.test/shop/web:v1", undefined, { via }));
  expect(server.seen[0]?.headers.authorization).toBe(`Basic ${basic}`);
  const text = JSON.stringify([probe?.answer, probe?.ladder]);
  expect(secrets.filter((secret) => text.includes(secret))).toEqual([]);
  expect(text).toContain("shop");
  expect(text).toContain("[redacted]");
});

test.each([
  ["Host", "elsewhere.test"],
  ["Content-Length", "5"],
  ["Transfer-Encoding", "chunked"],
  ["Trailer", "X-Team"],
  ["Connection", "close"],
  ["Expect", "100-continue"],
  ["Keep-Alive", "timeout=5"],
  ["Upgrade", "h2c"],
])("a header of the connection is not sent for the node: %s", async (name, value) => {
  await using server = await startOddServer(["mirror.shop.test"], () => smallImage);
  const host = `mirror.shop.test:${server.port}`;
  const headers = { [name]: [value], "X-Team": ["shop"] };
  const via: RegistryHost = { scheme: "https", host, path: "/v2", capabilities: ["pull", "resolve"], headers };
  const [probe] = await askWith(server.settings, question("registry.shop.test/shop/web:v1", undefined, { via }));
  expect(probe?.answer.kind).toBe("granted");
  expect(server.seen.map(({ headers: heard }) => [heard[name.toLowerCase()] === value, heard["x-team"]])).toEqual([
    [false, "shop"],
    [false, "shop"],
  ]);
});
