import { connect, type Socket } from "node:net";
import { createServer } from "node:tls";
import { describe, expect, test } from "vitest";
import type { ProxyEnvironment } from "../../src/probe/proxy-choice.ts";
import { chooseProxy } from "../../src/probe/proxy-choice.ts";
import { originOf } from "../../src/probe/registry-url.ts";
import { createAuthority, issue, sharedCertificate } from "../support/certificates.ts";
import { askWith, login, question } from "./support/asking.ts";
import { smallImage, startOddServer } from "./support/odd-server.ts";
import { startProxy } from "./support/proxy.ts";

const secret = "canary-proxy-password";
const names = ["registry.shop.test"];

describe("through a proxy", () => {
  test("R12: HTTPS goes through a tunnel, the proxy gets its login and the registry does not", async () => {
    await using registry = await startOddServer(names, () => smallImage);
    await using proxy = await startProxy(registry.port);
    const proxyEnvironment = { https_proxy: `http://ci:${secret}@127.0.0.1:${proxy.port}` };
    const asked = question(`registry.shop.test:${registry.port}/shop/web:v1`);
    const lookup = () => Promise.reject(Object.assign(new Error("the proxy resolves"), { code: "ENOTFOUND" }));
    const [probe] = await askWith({ ...registry.settings, proxyEnvironment, lookup }, asked);
    expect(probe?.answer.kind).toBe("granted");
    expect(proxy.seen).toEqual([
      {
        line: `CONNECT registry.shop.test:${registry.port} HTTP/1.1`,
        authorization: `Basic ${Buffer.from(`ci:${secret}`).toString("base64")}`,
      },
    ]);
    expect(registry.seen.every(({ headers }) => headers["proxy-authorization"] === undefined)).toBe(true);
    expect(probe?.ladder[0]).toMatchObject({
      step: "proxy",
      outcome: "passed",
      detail: expect.stringContaining("not checked"),
    });
    expect(JSON.stringify(probe)).not.toContain(secret);
  });

  test("plain HTTP goes to the proxy with its whole address", async () => {
    await using registry = await startOddServer(names, () => smallImage, { scheme: "http" });
    await using proxy = await startProxy(registry.port);
    const host = `registry.shop.test:${registry.port}`;
    const settings = {
      ...registry.settings,
      plainHttp: [host],
      proxyEnvironment: { http_proxy: `127.0.0.1:${proxy.port}` },
    };
    const [probe] = await askWith(settings, question(`${host}/shop/web:v1`));
    expect(probe?.answer.kind).toBe("granted");
    expect(proxy.seen[0]?.line).toBe(`HEAD http://${host}/v2/shop/web/manifests/v1 HTTP/1.1`);
  });

  test.each([
    ["HTTP/1.1 407 Proxy Authentication Required\r\nProxy-Authenticate: Basic\r\n\r\n", "proxy-auth-required"],
    ["HTTP/1.1 403 Forbidden\r\nContent-Type: text/html\r\n\r\n<html>blocked</html>", "proxy-rejected"],
    ["HTTP/1.1 502 Bad Gateway\r\n\r\n", "proxy-rejected"],
    ["SSH-2.0-OpenSSH_9\r\n\r\n", "proxy-rejected"],
    ["", "proxy-rejected"],
  ])("R12: a proxy that answers %j is at fault, not the registry", async (answer, fault) => {
    await using proxy = await startProxy(1, answer);
    const settings = {
      timeout: 2_000,
      userAgent: "test",
      proxyEnvironment: { HTTPS_PROXY: `http://u:${secret}@127.0.0.1:${proxy.port}` },
    };
    const [probe] = await askWith(
      settings,
      question("registry.shop.test/shop/web:v1", login("ci", "a-password-of-the-shop")),
    );
    expect(probe?.answer).toMatchObject({ kind: "unreachable", step: "proxy", fault, host: `127.0.0.1:${proxy.port}` });
    expect(JSON.stringify(probe)).not.toContain(secret);
  });

  test("an HTTPS proxy is spoken to under its own certificate; of an unknown issuer it is asked once for each list of authorities", async () => {
    await using registry = await startOddServer(names, () => smallImage);
    let connections = 0;
    const trusted = await sharedCertificate(["localhost"]);
    const unknown = await issue({ authority: await createAuthority("somebody else"), names: ["localhost"] });
    for (const [pair, kind] of [
      [trusted, "granted"],
      [unknown, "unreachable"],
    ] as const) {
      connections = 0;
      const sockets = new Set<Socket>();
      const server = createServer({ ...pair }, (socket) => {
        sockets.add(socket);
        socket.on("error", () => {});
        socket.once("data", () => {
          const out = connect(registry.port, "127.0.0.1", () => {
            socket.write("HTTP/1.1 200 Connection established\r\n\r\n");
            socket.pipe(out).pipe(socket);
          });
          sockets.add(out);
          out.on("error", () => socket.destroy());
        });
      }).on("connection", () => (connections += 1));
      await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
      const bound = server.address();
      const port = typeof bound === "object" && bound !== null ? bound.port : 0;
      const settings = { ...registry.settings, proxyEnvironment: { https_proxy: `https://localhost:${port}` } };
      const [probe] = await askWith(settings, question(`registry.shop.test:${registry.port}/shop/web:v1`));
      for (const socket of sockets) socket.destroy();
      await new Promise<void>((resolve) => server.close(() => resolve()));
      expect(probe?.answer.kind, JSON.stringify(probe)).toBe(kind);
      if (kind === "unreachable") expect(probe?.answer).toMatchObject({ step: "proxy", fault: "proxy-unreachable" });
      expect(connections).toBeGreaterThan(0);
      expect(connections).toBeLessThanOrEqual(3);
    }
  });

  test("R12: a proxy that is not there, or is no HTTP proxy", async () => {
    const settings = { timeout: 2_000, userAgent: "test" };
    const asked = question("registry.shop.test/shop/web:v1");
    const [gone] = await askWith({ ...settings, proxyEnvironment: { https_proxy: "http://127.0.0.1:1" } }, asked);
    expect(gone?.answer).toMatchObject({
      kind: "unreachable",
      step: "proxy",
      fault: "proxy-unreachable",
      systemCode: "ECONNREFUSED",
    });
    const [socks] = await askWith({ ...settings, proxyEnvironment: { all_proxy: "socks5://127.0.0.1:1080" } }, asked);
    expect(socks?.answer).toMatchObject({ kind: "unreachable", step: "proxy", fault: "proxy-unreachable" });
  });
});

describe("proxy variables as curl reads them", () => {
  function via(host: string, env: ProxyEnvironment, scheme: "http" | "https" = "https"): string {
    const choice = chooseProxy(originOf(scheme, host), env);
    return choice.kind === "proxy" ? choice.proxy.host : choice.kind;
  }

  test("lower case wins, HTTP_PROXY is not read, ALL_PROXY is the last", () => {
    expect(via("r.test", { https_proxy: "http://a:1", HTTPS_PROXY: "http://b:2" })).toBe("a:1");
    expect(via("r.test", { HTTP_PROXY: "http://b:2" }, "http")).toBe("direct");
    expect(via("r.test", { http_proxy: "http://a:1", all_proxy: "http://c:3" }, "http")).toBe("a:1");
    expect(via("r.test", { ALL_PROXY: "c:3" })).toBe("c:3");
    expect(via("r.test", { https_proxy: "" })).toBe("direct");
  });

  test("without a port a proxy is at 1080, with https at 443", () => {
    expect(via("r.test", { https_proxy: "proxy.test" })).toBe("proxy.test:1080");
    expect(via("r.test", { https_proxy: "https://proxy.test" })).toBe("proxy.test:443");
    expect(via("r.test", { https_proxy: "http://proxy.test:80" })).toBe("proxy.test:80");
  });

  test.each([
    ["registry.example.com", "example.com", "direct"],
    ["registry.example.com", ".example.com", "direct"],
    ["example.com", ".example.com", "direct"],
    ["registry.example.com:5000", "other.test, registry.example.com", "direct"],
    ["registry.example.com", "*", "direct"],
    ["registry.example.com", "xample.com", "p:1"],
    ["registry.example.com.evil.test", "example.com", "p:1"],
    ["registry.example.com", "*.example.com", "p:1"],
    ["10.1.2.3", "10.0.0.0/8", "direct"],
    ["10.1.2.3", "10.1.2.3", "direct"],
    ["10.1.2.3", "10.1.2.0/25", "direct"],
    ["10.1.2.3", "11.0.0.0/8", "p:1"],
    ["10.1.2.3", "10.0.0.0/99", "p:1"],
    ["[fd00::1]:5000", "fd00::/8", "direct"],
    ["[fd00::1]:5000", "[fd00:0::1]", "direct"],
    ["localhost:5000", "localhost,127.0.0.1", "direct"],
  ])("NO_PROXY: %s with %j is %s", (host, no_proxy, wanted) => {
    expect(via(host, { https_proxy: "http://p:1", no_proxy })).toBe(wanted);
  });
});
