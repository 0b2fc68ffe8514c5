import { createServer } from "node:https";
import { expect, test } from "vitest";
import { openProber } from "../../src/probe/prober.ts";
import { issue, issueSelfSigned, sharedAuthority } from "../support/certificates.ts";
import { askBy, imageAt, login, lookupIn, question } from "./support/asking.ts";

const name = "registry.shop.test";

test("N7: a token that was got over checked TLS does not go to whom the node would not check", async () => {
  const authority = await sharedAuthority();
  const [own, foreign] = [await issue({ authority, names: [name] }), await issueSelfSigned({ names: [name] })];
  const heard: string[] = [];
  let stage = "registry";
  const server = createServer(own, ({ url = "", headers: { authorization, host } }, response) => {
    heard.push(`${stage}: ${authorization ?? "nobody"}`);
    if (url.startsWith("/token")) {
      response.end(JSON.stringify({ access_token: "a-token-of-the-login", expires_in: 300 }));
    } else if (authorization === undefined) {
      response.writeHead(401, { "www-authenticate": `Bearer realm="https://${host}/token",service="x"` }).end();
    } else response.writeHead(404).end();
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  const host = `${name}:${typeof address === "object" && address !== null ? address.port : 0}`;
  const reference = imageAt(`${host}/shop/web:v1`);
  const way = { scheme: "https", host, path: "/v2", capabilities: ["pull", "resolve"], skipVerify: true } as const;
  const prober = openProber({
    timeout: 4_000,
    userAgent: "test",
    ca: [authority.cert],
    lookup: lookupIn(new Map([[name, "127.0.0.1"]])),
    nodeConfig: async () => ({ sources: [{ reference, host: way }] }),
  });
  const ci = login("ci", "a-password-of-the-shop");
  const ask = (tag: string) => askBy(prober, question(`${host}/shop/web:${tag}`, ci));

  await ask("v1");
  expect(heard).toContain("registry: Bearer a-token-of-the-login");
  // Somebody else cuts in.
  stage = "somebody";
  server.setSecureContext(foreign);
  server.closeAllConnections();
  const [later] = await ask("v2");
  await prober.close();
  server.close();

  expect(later?.answer).toMatchObject({ kind: "unasked", why: expect.stringContaining("does not check") });
  expect(heard.filter((each) => each.startsWith("somebody"))).toEqual(["somebody: nobody"]);
});
