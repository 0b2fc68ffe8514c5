import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { registrableDomain } from "../../src/probe/registrable-domain.ts";

function oneOwner(a: string, b: string): boolean {
  const domain = registrableDomain(a);
  return domain !== undefined && domain === registrableDomain(b);
}

describe("the domain that one owner holds", () => {
  test.each([
    ["registry.example.com", "example.com"],
    ["auth.eu.example.com.", "example.com"],
    ["REGISTRY.Example.COM", "example.com"],
    ["registry.example.co.uk", "example.co.uk"],
    ["registry.example.com.au", "example.com.au"],
    ["registry.example.gov.in", "example.gov.in"],
    ["registry.example.de", "example.de"],
    ["registry.corp.internal", "corp.internal"],
    ["cp.icr.io", "icr.io"],
    ["registry.gitlab.com", "gitlab.com"],
    ["registry.shop.svc.cluster.local", "shop.svc.cluster.local"],
  ])("%s → %s", (host, domain) => expect(registrableDomain(host)).toBe(domain));

  test.each([
    ["a country's trade", "one.co.uk", "two.co.uk"],
    ["a country's trade that is not in the table", "one.zz.uk", "two.zz.uk"],
    ["a province", "one.bj.cn", "two.bj.cn"],
    ["a prefecture", "one.tokyo.jp", "two.tokyo.jp"],
    ["a voivodeship", "one.krakow.pl", "two.krakow.pl"],
    ["a trade of Brazil's", "one.eng.br", "two.eng.br"],
    ["a country that sells any third-level name", "one.anything.np", "two.anything.np"],
    ["Azure's registries", "shop.azurecr.io", "evil.azurecr.io"],
    ["their regions", "shop.westeurope.geo.azurecr.io", "evil.westeurope.geo.azurecr.io"],
    [
      "ECR's accounts",
      "111111111111.dkr.ecr.eu-central-1.amazonaws.com",
      "222222222222.dkr.ecr.eu-central-1.amazonaws.com",
    ],
    ["AWS's load balancers", "mine-1.eu-central-1.elb.amazonaws.com", "evil-1.eu-central-1.elb.amazonaws.com"],
    [
      "AWS's machines",
      "ec2-1-2-3-4.eu-central-1.compute.amazonaws.com",
      "ec2-4-3-2-1.eu-central-1.compute.amazonaws.com",
    ],
    ["buckets", "shop.s3.eu-central-1.amazonaws.com", "evil.s3.eu-central-1.amazonaws.com"],
    ["CloudFront", "d111.cloudfront.net", "d222.cloudfront.net"],
    ["Artifact Registry", "europe-docker.pkg.dev", "us-docker.pkg.dev"],
    ["Cloud Run", "shop-abc-ew.a.run.app", "evil-abc-ew.a.run.app"],
    ["GitHub's pages", "shop.github.io", "evil.github.io"],
    ["GitLab's pages", "shop.gitlab.io", "evil.gitlab.io"],
    ["JFrog's tenants", "shop.jfrog.io", "evil.jfrog.io"],
    ["Oracle's regions", "fra.ocir.io", "iad.ocir.io"],
    ["Alibaba's customers", "shop-registry.cn-hangzhou.cr.aliyuncs.com", "evil-registry.cn-hangzhou.cr.aliyuncs.com"],
    ["Tencent's", "shop.tencentcloudcr.com", "evil.tencentcloudcr.com"],
    ["Huawei's", "swr.cn-north-4.myhuaweicloud.com", "evil.obs.cn-north-4.myhuaweicloud.com"],
    ["OVH's", "abc.c1.gra9.container-registry.ovh.net", "evil.c1.gra9.container-registry.ovh.net"],
    ["Coding's teams", "shop-docker.pkg.coding.net", "evil-docker.pkg.coding.net"],
    ["Workers", "r2-registry.shop.workers.dev", "r2-registry.evil.workers.dev"],
    ["Azure's machines", "shop.westeurope.cloudapp.azure.com", "evil.westeurope.cloudapp.azure.com"],
    ["tunnels", "1a2b.ngrok-free.app", "3c4d.ngrok-free.app"],
    ["names made of addresses", "registry.10.0.0.1.nip.io", "evil.9.9.9.1.nip.io"],
    ["dynamic DNS", "shop.duckdns.org", "evil.duckdns.org"],
    ["namespaces of a cluster", "registry.shop.svc.cluster.local", "registry.evil.svc.cluster.local"],
    ["a single label", "registry", "registry"],
    ["a suffix itself", "co.uk", "co.uk"],
    ["addresses", "[fd00::1]", "[fd00::1]"],
    ["names with letters that are no ASCII", "rëgistry.example.com", "auth.example.com"],
  ])("T1: strangers: %s", (_name, a, b) => expect(oneOwner(a, b)).toBe(false));

  test("whatever the host, what is found is its end, and never all of a country's or a cloud's", () => {
    const label = fc.stringMatching(/^[a-z0-9]{1,8}$/);
    fc.assert(
      fc.property(fc.array(label, { minLength: 1, maxLength: 6 }), (labels) => {
        const host = labels.join(".");
        const domain = registrableDomain(host);
        if (domain === undefined) return;
        expect(host === domain || host.endsWith(`.${domain}`)).toBe(true);
        expect(domain.split(".").length).toBeGreaterThanOrEqual(2);
      }),
    );
  });
});
