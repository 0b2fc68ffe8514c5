import { describe, expect, test } from "vitest";
import { proxyHost, proxyOfEnvironment } from "../../src/collect/api-proxy.ts";

describe("the proxy of the environment, as Go reads it", () => {
  const via = (server: string, environment: Record<string, string>) =>
    proxyOfEnvironment(new URL(server), environment) ?? "direct";

  test.each([
    ["https://api.test", { HTTPS_PROXY: "http://a:1", https_proxy: "http://b:2" }, "http://a:1"],
    ["https://api.test", { https_proxy: "b:2" }, "http://b:2"],
    ["https://api.test", { HTTP_PROXY: "http://a:1", ALL_PROXY: "http://c:3" }, "direct"],
    ["http://api.test", { HTTP_PROXY: "socks5://a:1" }, "socks5://a:1"],
    ["http://api.test", { HTTPS_PROXY: "http://a:1" }, "direct"],
    ["https://api.test", { HTTPS_PROXY: "" }, "direct"],
    ["https://localhost:6443", { HTTPS_PROXY: "a:1" }, "direct"],
    ["https://127.0.0.2:6443", { HTTPS_PROXY: "a:1" }, "direct"],
    ["https://[::1]:6443", { HTTPS_PROXY: "a:1" }, "direct"],
  ])("%s with %j: %s", (server, environment, wanted) => {
    expect(via(server, environment as Record<string, string>)).toBe(wanted);
  });

  test.each([
    ["api.shop.test", "shop.test", "direct"],
    ["shop.test", "shop.test", "direct"],
    ["shop.test", ".shop.test", "http://p:1"],
    ["api.shop.test", ".shop.test", "direct"],
    ["api.shop.test", "*.shop.test", "direct"],
    ["shop.test", "*.shop.test", "http://p:1"],
    ["workshop.test", "shop.test", "http://p:1"],
    ["api.shop.test", "other.test, API.shop.test", "direct"],
    ["api.shop.test", "*", "direct"],
    ["api.shop.test:6443", "api.shop.test:6443", "direct"],
    ["api.shop.test:6443", "api.shop.test:443", "http://p:1"],
    ["10.1.2.3", "10.0.0.0/8", "direct"],
    ["10.1.2.3", "10.1.2.3", "direct"],
    ["10.1.2.3", "11.0.0.0/8", "http://p:1"],
    ["10.1.2.3", "10.0.0.0/99", "http://p:1"],
    ["10.1.2.3", "10.1.2.3:443", "direct"],
    ["10.1.2.3", "10.1.2.3:80", "http://p:1"],
    ["[fd00::1]", "fd00::/8", "direct"],
    ["[fd00::1]:6443", "[fd00::1]:6443", "direct"],
  ])("NO_PROXY: %s with %j is %s", (host, list, wanted) => {
    expect(via(`https://${host}`, { HTTPS_PROXY: "p:1", NO_PROXY: list })).toBe(wanted);
    expect(via(`https://${host}`, { https_proxy: "p:1", no_proxy: list })).toBe(wanted);
  });

  test("its login is not shown", () => {
    expect(proxyHost("http://ci:hunter2@proxy.test:3128")).toBe("proxy.test:3128");
    expect(proxyHost("not a url hunter2")).toBe("");
  });
});
