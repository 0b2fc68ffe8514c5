import { describe, expect, test } from "vitest";
import { foreignHost, readUrl } from "../../src/interpret/recognise-host.ts";

function judge(
  url: string,
  image: string | undefined,
  operation: Parameters<typeof foreignHost>[2],
): string | undefined {
  const read = readUrl(url);
  return read === undefined ? "no URL" : foreignHost(read, image, operation);
}

describe("foreignHost", () => {
  test.each([
    ["https://reg.test/v2/web/manifests/1", "reg.test/web:1", "resolve", undefined],
    ["https://registry-1.docker.io/v2/library/web/manifests/1", "web:1", "resolve", undefined],
    ["https://mirror.test/v2/library/web/manifests/1?ns=docker.io", "web:1", "resolve", "mirror"],
    ["https://127.0.0.1:6443/v2/web/1?ns=reg.test%3A443", "reg.test:443/web:1", "resolve", "mirror"],
    ["https://mirror.test/v2/library/web/manifests/1", "docker.io/library/web:1", "manifest", "mirror"],
    ["https://auth.docker.io/token?service=registry.docker.io", "web:1", "token", "token-server"],
    ["https://gitlab.test/jwt/auth", "registry.gitlab.test/web:1", "token", "token-server"],
    ["https://production.cloudflare.docker.com/registry-v2/0a/data", "web:1", "blob", "blob-store"],
    ["https://pkg-containers.githubusercontent.com/ghcr1/blobs/0a", "ghcr.io/a/b", "blob", "blob-store"],
    ["https://cdn.test/0a", "reg.test/web:1", "blob", "blob-store"],
    [
      "https://europe-west1-docker.pkg.dev/v2/p/images/pause/manifests/3.9",
      "registry.k8s.io/pause:3.9",
      "resolve",
      "other",
    ],
    ["https://reg.test/v2/web/manifests/1", undefined, "resolve", undefined],
  ] as const)("%s for %s", (url, image, operation, expected) => {
    expect(judge(url, image, operation)).toBe(expected);
  });
});

describe("readUrl", () => {
  test("keeps neither userinfo nor query", () => {
    expect(readUrl("https://user:word@reg.test:5000/v2/?sig=x")).toEqual({
      url: "https://reg.test:5000/v2/",
      scheme: "https",
      host: "reg.test:5000",
      path: "/v2/",
    });
  });

  test("an IPv6 host keeps its brackets", () => {
    expect(readUrl("http://[2001:db8::1]:5000/v2/")?.host).toBe("[2001:db8::1]:5000");
  });

  test("what is no URL is none", () => {
    expect(readUrl("reg.test/v2/")).toBeUndefined();
  });
});

test.each([
  ["web:1", "registry-1.docker.io"],
  ["shop/web", "index.docker.io"],
  ["index.docker.io/library/web", "docker.io"],
  ["docker-pullable://shop/web", "registry-1.docker.io"],
  ["localhost/web", "localhost"],
  ["reg.test:5000/shop/web:1", "reg.test:5000"],
  ["reg.test/shop/web:1", "REG.test:443"],
])("the registry of %s is at %s", (image, host) => {
  expect(judge(`https://${host}/v2/a/manifests/1`, image, "resolve")).toBeUndefined();
  expect(judge("https://other.test/v2/a/manifests/1", image, "resolve")).toBeDefined();
});
