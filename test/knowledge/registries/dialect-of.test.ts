import { describe, expect, test } from "vitest";
import { dialectOf, dialectOfAnswer, requestHost, trustsRealm } from "../../../src/knowledge/registries/dialect-of.ts";
import { hostFits } from "../../../src/knowledge/registries/host-pattern.ts";
import { registries } from "../../../src/knowledge/registries/index.ts";
import { specification } from "../../../src/knowledge/registries/specification.ts";

describe("the dialect of a host", () => {
  test.each([
    ["docker.io", "docker-hub"],
    ["dhi.io", "docker-hub"],
    ["GHCR.io", "ghcr"],
    ["ghcr.io:443", "ghcr"],
    ["123456789012.dkr.ecr.eu-central-1.amazonaws.com", "ecr"],
    ["123456789012.dkr.ecr.cn-north-1.amazonaws.com.cn", "ecr"],
    ["123456789012.dkr-ecr.us-east-1.on.aws", "ecr"],
    ["public.ecr.aws", "ecr-public"],
    ["gcr.io", "gar"],
    ["eu.gcr.io", "gar"],
    ["k8s.gcr.io", "k8s"],
    ["registry.k8s.io", "k8s"],
    ["europe-west3-docker.pkg.dev", "gar"],
    ["shop.azurecr.io", "acr"],
    ["shop.westeurope.geo.azurecr.io", "acr"],
    ["quay.io", "quay"],
    ["registry.access.redhat.com", "redhat"],
    ["registry.gitlab.com", "gitlab"],
    ["acme.jfrog.io", "artifactory"],
    ["de.icr.io", "ibm"],
    ["private.de.icr.io", "ibm"],
    ["fra.ocir.io", "ocir"],
    ["ocir.eu-frankfurt-1.oci.oraclecloud.com", "ocir"],
    ["registry.cn-hangzhou.aliyuncs.com", "alibaba"],
    ["shop-registry-vpc.cn-beijing.cr.aliyuncs.com", "alibaba"],
    ["ccr.ccs.tencentyun.com", "tencent"],
    ["hkccr.ccs.tencentyun.com", "tencent"],
    ["nvcr.io", "nvcr"],
    ["codeberg.org", "gitea"],
    ["mcr.microsoft.com", "mcr"],
    ["registry.digitalocean.com", "digitalocean"],
    ["cgr.dev", "chainguard"],
    ["registry.cloudflare.com", "cloudflare"],
    ["registry.example.com:5000", "specification"],
    ["", "specification"],
  ])("%s speaks %s", (host, id) => {
    expect(dialectOf(host).id).toBe(id);
  });

  // Suffix, prefix, userinfo, trailing dot, port, punycode, full width, path, space: nobody's.
  test.each([
    "ghcr.io.evil.example",
    "evilghcr.io",
    "ghcr.io.",
    ".ghcr.io",
    "ghcr.io:5000",
    "ghcr.io:443:443",
    "user@ghcr.io",
    "ghcr.io/evil",
    "ghcr.io ",
    "ghcr\u3002io",
    "xn--ghcr-123.io",
    "12345678901.dkr.ecr.eu-central-1.amazonaws.com",
    "1234567890123.dkr.ecr.eu-central-1.amazonaws.com",
    "123456789012.dkr.ecr.eu-central-1.amazonaws.com.evil.example",
    "123456789012.dkr.ecr.a.b.amazonaws.com",
    "123456789012-dkr-ecr.eu-central-1.amazonaws.com",
    "shop.azurecr.io.evil.example",
    "shopazurecr.io",
    "a.b.azurecr.io",
    "-docker.pkg.dev",
    "docker.pkg.dev",
    "evil-docker.pkg.dev.example",
    "gitlab.com",
    "acme.jfrog.io.example",
    "acmejfrog.io",
  ])("%j is nobody's", (host) => {
    expect(dialectOf(host)).toBe(specification);
  });

  test("every pattern takes a host that it was made for, and none takes it with something before or after", () => {
    for (const { hosts, realmHosts = [] } of registries) {
      for (const pattern of [...hosts, ...realmHosts]) {
        const host = pattern.replaceAll("*", "x1").replaceAll("#", "7");
        expect(hostFits(pattern, host), pattern).toBe(true);
        for (const other of [
          `${host}.evil.example`,
          `evil.${host}`,
          `${host}x`,
          `${host}.`,
          `${host}:8443`,
          `@${host}`,
        ]) {
          expect(hostFits(pattern, other), `${pattern} ${other}`).toBe(false);
        }
      }
    }
  });

  test("requests for docker.io go elsewhere, all others to their host", () => {
    expect(requestHost("docker.io")).toBe("registry-1.docker.io");
    expect(requestHost("dhi.io")).toBe("dhi.io");
    expect(requestHost("registry.example.com:5000")).toBe("registry.example.com:5000");
  });
});

describe("token servers on other hosts", () => {
  test.each([
    ["docker.io", "auth.docker.io"],
    ["registry.gitlab.com", "gitlab.com"],
    ["registry.digitalocean.com", "api.digitalocean.com"],
    ["registry.cn-shanghai.aliyuncs.com", "dockerauth.cn-hangzhou.aliyuncs.com"],
    ["nvcr.io", "authn.nvidia.com"],
  ])("%s may send its logins to %s", (registry, realm) => {
    expect(trustsRealm(dialectOf(registry), realm)).toBe(true);
    expect(trustsRealm(dialectOf(registry), `${realm}.evil.example`)).toBe(false);
    expect(trustsRealm(dialectOf(registry), `evil${realm}`)).toBe(false);
  });

  test("nobody else may, and no customer's own host under a trusted domain", () => {
    expect(trustsRealm(dialectOf("registry.example.com"), "auth.docker.io")).toBe(false);
    expect(trustsRealm(dialectOf("ghcr.io"), "gitlab.com")).toBe(false);
    // A bucket named dockerauth.
    expect(trustsRealm(dialectOf("registry.cn-shanghai.aliyuncs.com"), "dockerauth.oss-cn-hangzhou.aliyuncs.com")).toBe(
      false,
    );
  });
});

describe("registries that anybody can run, by their answers", () => {
  const answer = (
    host: string,
    headers: Record<string, string>,
    ...challenges: readonly (readonly [string, Record<string, string>])[]
  ) =>
    dialectOfAnswer({
      host,
      headers: new Map(Object.entries(headers)),
      challenges: challenges.map(([scheme, parameters]) => ({
        scheme,
        parameters: new Map(Object.entries(parameters)),
      })),
    })?.id;
  const host = "registry.example.com";
  const version = { "docker-distribution-api-version": "registry/2.0" };

  test.each([
    [
      "harbor",
      version,
      ["Bearer", { realm: "https://registry.example.com/service/token", service: "harbor-registry" }],
    ],
    ["harbor", version, ["Basic", { realm: "harbor" }]],
    ["gitlab", version, ["Bearer", { realm: "https://git.example.com/jwt/auth", service: "container_registry" }]],
    ["gitea", {}, ["Bearer", { realm: "https://git.example.com/v2/token", service: "container_registry", scope: "*" }]],
    ["quay", {}, ["Bearer", { realm: "https://registry.example.com/v2/auth?x=1", service: "registry.example.com" }]],
    ["artifactory", { ...version, "x-jfrog-version": "Artifactory/7.90" }, ["Bearer", { realm: "https://x/" }]],
    ["artifactory", {}, ["Basic", { realm: "Artifactory Realm" }]],
    ["nexus", version, ["BASIC", { realm: "Sonatype Nexus Repository Manager" }]],
    ["nexus", { ...version, server: "Nexus/3.70.1-02 (OSS)" }, ["Bearer", {}]],
    ["zot", { "distribution-api-version": "registry/2.0" }, ["Basic", { realm: "Authorization Required" }]],
    ["distribution", version, ["Basic", { realm: "Registry" }]],
  ] as const)("%s", (id, headers, challenge) => {
    expect(answer(host, headers, challenge)).toBe(id);
  });

  test("an answer that gives nothing away is nobody's", () => {
    expect(answer(host, {})).toBeUndefined();
    expect(
      answer(host, { server: "nginx" }, ["Bearer", { realm: "https://auth.example.com/token", service: "registry" }]),
    ).toBeUndefined();
    expect(answer(host, {}, ["Bearer", { realm: "https://x/v2/auth", service: "other.example.com" }])).toBeUndefined();
    expect(answer(host, {}, ["Bearer", { realm: "not a url", service: "container_registry" }])).toBeUndefined();
  });
});
