import { describe, expect, test } from "vitest";
import { hostAddress, originOf, originText, readUrl, sanitizedUrl, shownUrl } from "../../src/probe/registry-url.ts";
import { vectors } from "./support/vectors.ts";

describe("URLs", () => {
  test.each(vectors<{ scheme: "http" | "https"; address: string; expect: string }>("same_host_address"))(
    "$id: $name",
    ({ scheme, address, expect: wanted }) => {
      expect(hostAddress(scheme, address)).toBe(wanted);
    },
  );

  test.each(vectors<{ url: string; expect: string }>("sanitized_url"))("$id: $name", ({ url, expect: wanted }) => {
    expect(sanitizedUrl(url)).toBe(wanted);
  });

  test("a host without a port is asked at the scheme's own", () => {
    expect(originOf("https", "Registry.Example.com")).toEqual({
      scheme: "https",
      hostname: "registry.example.com",
      port: 443,
    });
    expect(originText(originOf("http", "[::1]:5000"))).toBe("http://[::1]:5000");
  });

  test.each([
    ["javascript:alert(1)", "not-http"],
    ["data:text/plain,x", "not-http"],
    ["file:///etc/passwd", "not-http"],
    ["https://", "not-a-url"],
    ["https://user:password@evil.test/", "userinfo"],
    ["https://user@evil.test/", "userinfo"],
    [`https://evil.test/${"x".repeat(100_000)}`, "too-long"],
  ])("R8: %.40s is named, not followed", (location, problem) => {
    expect(readUrl(location, "https://registry.test/v2/")).toEqual({ problem });
  });

  test("R8: a relative place is taken against the one that named it", () => {
    const read = readUrl("/v2/x?y=1", "https://registry.test:5000/v2/");
    expect("url" in read && read.url.href).toBe("https://registry.test:5000/v2/x?y=1");
  });

  test("C2: what is shown of a URL has neither query nor user", () => {
    expect(shownUrl(new URL("https://u:p@cdn.test/blob?X-Amz-Signature=secret#f"))).toBe("https://cdn.test/blob");
  });
});
