import { describe, expect, test } from "vitest";
import { addressKind, addressKindOfName, isLoopbackName, mayLeadTo } from "../../src/probe/address-policy.ts";
import { originOfUrl } from "../../src/probe/registry-url.ts";

/** As a redirect would write it; URL parsing is part of the rule. */
function kindIn(url: string) {
  return addressKindOfName(originOfUrl(new URL(url)).hostname);
}

describe("addresses", () => {
  test.each([
    "http://169.254.169.254/latest/meta-data",
    "http://169.254.0.1/",
    "http://2852039166/",
    "http://0xa9fea9fe/",
    "http://0251.0376.0251.0376/",
    "http://169.254.43518/",
    "http://[::ffff:169.254.169.254]/",
    "http://[::ffff:a9fe:a9fe]/",
    "http://[0:0:0:0:0:ffff:a9fe:a9fe]/",
    "http://[64:ff9b::a9fe:a9fe]/",
    "http://[2002:a9fe:a9fe::1]/",
    "http://[fd00:ec2::254]/",
    "http://[fe80::1]/",
    "http://[febf::1]/",
    "http://100.100.100.200/",
    "http://168.63.129.16/",
    "http://192.0.0.192/",
    "http://0.0.0.0/",
    "http://0/",
    "http://0.1.2.3/",
    "http://[::]/",
    "http://[::ffff:0.0.0.0]/",
    "http://224.0.0.1/",
    "http://239.255.255.255/",
    "http://255.255.255.255/",
    "http://240.0.0.1/",
    "http://[ff02::1]/",
  ])("R3: %s is where nobody may be sent", (url) => {
    expect(kindIn(url)).toBe("forbidden");
    for (const from of ["public", "private", "loopback"] as const) expect(mayLeadTo(from, "forbidden")).toBe(false);
  });

  test.each([
    "http://127.0.0.1:10250/",
    "http://127.1/",
    "http://2130706433/",
    "http://0x7f.0.0.1/",
    "http://0177.0.0.1/",
    "http://[::1]/",
    "http://[0:0:0:0:0:0:0:1]/",
    "http://[::ffff:127.0.0.1]/",
    "http://[::ffff:7f00:1]/",
    "http://[64:ff9b::7f00:1]/",
  ])("R3: %s is this machine", (url) => {
    expect(kindIn(url)).toBe("loopback");
    expect(mayLeadTo("public", "loopback")).toBe(false);
    expect(mayLeadTo("private", "loopback")).toBe(false);
  });

  test.each([
    "http://10.0.0.1/",
    "http://172.16.0.1/",
    "http://172.31.255.255/",
    "http://192.168.1.1/",
    "http://100.64.0.1/",
    "http://198.18.0.1/",
    "http://[fd12:3456::1]/",
    "http://[fc00::1]/",
    "http://[::ffff:10.0.0.1]/",
    "http://167772161/",
  ])("R4, R5: %s is private: for registries on private addresses only", (url) => {
    expect(kindIn(url)).toBe("private");
    expect(mayLeadTo("public", "private")).toBe(false);
    expect(mayLeadTo("private", "private")).toBe(true);
  });

  test.each(["http://93.184.216.34/", "http://172.32.0.1/", "http://[2606:2800:220:1::1]/", "http://100.128.0.1/"])(
    "%s is public",
    (url) => {
      expect(kindIn(url)).toBe("public");
      expect(mayLeadTo("public", "public")).toBe(true);
    },
  );

  test("a zone is no disguise, and nonsense is forbidden", () => {
    expect(addressKind("fe80::1%eth0")).toBe("forbidden");
    expect(addressKind("no address")).toBe("forbidden");
  });

  test("N1: a name is this machine only if it is localhost or ends in it", () => {
    expect(isLoopbackName("localhost")).toBe(true);
    expect(isLoopbackName("registry.localhost")).toBe(true);
    expect(isLoopbackName("localhost.evil.test")).toBe(false);
    expect(isLoopbackName("notlocalhost")).toBe(false);
    expect(isLoopbackName("127.0.0.1.evil.test")).toBe(false);
  });
});
