import { describe, expect, test } from "vitest";
import { servesLayers } from "../../../src/knowledge/registries/blob-hosts.ts";
import { registries } from "../../../src/knowledge/registries/index.ts";

describe("hosts that serve layers", () => {
  test.each([
    "production.cloudfront.docker.com",
    "pkg-containers.githubusercontent.com",
    "prod-eu-west-1-starport-layer-bucket.s3.eu-west-1.amazonaws.com",
    "shop.layers.s3-eu-west-1.amazonaws.com:443",
    "s3.cn-north-1.amazonaws.com.cn",
    "storage.googleapis.com",
    "ShopLayers.blob.core.windows.net",
    "shop.westeurope.data.azurecr.io",
    "cdn03.quay.io",
    "d0a1.cloudfront.net",
    "westeurope.data.mcr.microsoft.com",
    "shop.cos.ap-guangzhou.myqcloud.com",
  ])("%s is one", (host) => {
    expect(servesLayers(host)).toBe(true);
  });

  test.each([
    "registry.example.com",
    "registry-1.docker.io",
    "registry.cn-hangzhou.aliyuncs.com",
    "123456789012.dkr.ecr.eu-west-1.amazonaws.com",
    "blob.core.windows.net.example.com",
    "evils3.amazonaws.com.example.com",
    "",
  ])("%o is none", (host) => {
    expect(servesLayers(host)).toBe(false);
  });

  test("a registry is none, though another one sends to it", () => {
    expect(registries.find(({ id }) => id === "k8s")?.blobHosts).toContain("*-docker.pkg.dev");
    expect(servesLayers("europe-west1-docker.pkg.dev")).toBe(false);
  });
});
