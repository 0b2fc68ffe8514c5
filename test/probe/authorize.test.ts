import { inspect } from "node:util";
import { describe, expect, test } from "vitest";
import { Redacted } from "../../src/domain/redacted.ts";
import { dialectOf } from "../../src/knowledge/registries/dialect-of.ts";
import {
  basicAuthorization,
  bearerAuthorization,
  identityKey,
  type LoginPolicy,
  loginOf,
  withholds,
  withoutSecrets,
} from "../../src/probe/authorize.ts";
import { originOf, originOfUrl } from "../../src/probe/registry-url.ts";
import { identityToken, login } from "./support/asking.ts";
import { vectors } from "./support/vectors.ts";

function policyOf(registry: string, more: Partial<LoginPolicy> = {}): LoginPolicy {
  const scheme = more.plainHttp?.has(registry) ? "http" : "https";
  const dialect = dialectOf(registry);
  const none: ReadonlySet<string> = new Set();
  return { registry: originOf(scheme, registry), dialect, plainHttp: none, trustedRealms: none, ...more };
}

function goesTo(registry: string, realm: string, more: Partial<LoginPolicy> = {}): boolean {
  return withholds(originOfUrl(new URL(realm)), policyOf(registry, more)) === undefined;
}

describe("where a login may go", () => {
  test.each([
    ["registry.example.com", "https://registry.example.com/token"],
    ["registry.example.com:5000", "https://registry.example.com:5001/token"],
    ["registry.example.com", "https://auth.example.com/token"],
    ["registry.example.co.uk", "https://sso.example.co.uk/token"],
    ["registry-1.docker.io", "https://auth.docker.io/token"],
    ["registry.gitlab.com", "https://gitlab.com/jwt/auth"],
    ["registry.digitalocean.com", "https://api.digitalocean.com/v2/registry/auth"],
    ["10.1.2.3", "https://10.1.2.4/token"],
    ["127.0.0.1:5000", "https://127.0.0.1:5001/token"],
    ["127.0.0.1:5000", "http://127.0.0.1:5001/token"],
    ["localhost:5000", "http://localhost:5001/token"],
  ])("T1: %s may send it to %s", (registry, realm) => {
    expect(goesTo(registry, realm)).toBe(true);
  });

  test.each([
    ["registry.example.com", "https://evil.test/token"],
    ["registry.example.com", "https://registry.example.com.evil.test/token"],
    ["registry.example.com", "https://evilexample.com/token"],
    ["registry.example.com", "https://xn--rgistry-9ua.test/token"],
    ["registry.example.com", "http://registry.example.com/token"],
    ["registry.example.com", "http://auth.example.com/token"],
    ["registry.example.co.uk", "https://evil.co.uk/token"],
    ["mine.azurecr.io", "https://evil.azurecr.io/token"],
    ["app.github.io", "https://evil.github.io/token"],
    ["registry.example.com", "https://auth.docker.io/token"],
    ["ghcr.io.evil.test", "https://ghcr.io/token"],
    ["evilghcr.io", "https://ghcr.io/token"],
    ["docker.io.evil.test", "https://auth.docker.io/token"],
    ["nvcr.io", "https://authn.nvidia.com:8443/token"],
    ["registry-1.docker.io", "https://auth.docker.io.evil.test/token"],
    ["93.184.216.34", "https://10.1.2.4/token"],
    ["10.1.2.3", "https://169.254.169.254/token"],
    ["10.1.2.3", "https://93.184.216.34/token"],
    ["registry", "https://auth/token"],
    ["registry.example.com", "https://127.0.0.1/token"],
  ])("N1, T1: %s may not send it to %s", (registry, realm) => {
    expect(goesTo(registry, realm)).toBe(false);
  });

  test.each(
    vectors<{ realm: string; registry_host: string; expect: { go_containerregistry_rejects: boolean } }>(
      "realm_policy",
    ),
  )("$id: $name", ({ realm, registry_host, expect: wanted }) => {
    const registry = registry_host === "" ? "registry.example.com" : registry_host;
    expect(goesTo(registry, realm)).toBe(!wanted.go_containerregistry_rejects);
  });

  test("T1: a host that the user trusts may have it, over TLS only", () => {
    const trustedRealms = new Set(["sso.elsewhere.test"]);
    expect(goesTo("registry.example.com", "https://sso.elsewhere.test/token", { trustedRealms })).toBe(true);
    expect(goesTo("registry.example.com", "http://sso.elsewhere.test/token", { trustedRealms })).toBe(false);
  });

  test("N6: without TLS only to hosts that the user named for it", () => {
    const plainHttp = new Set(["registry.example.com:5000"]);
    expect(goesTo("registry.example.com:5000", "http://registry.example.com:5000/token", { plainHttp })).toBe(true);
    expect(goesTo("registry.example.com:5000", "http://registry.example.com:5001/token", { plainHttp })).toBe(false);
  });

  test("N6: the flag for that is offered for the registry itself, and for no place that a server names", () => {
    const policy = { ...policyOf("registry.example.com"), registry: originOf("http", "registry.example.com") };
    expect(withholds(policy.registry, policy)).toContain("--plain-http registry.example.com");
    expect(withholds(originOf("http", "elsewhere.test"), policy)).toBe("http://elsewhere.test is not encrypted");
  });

  test("T5: a token goes to the origin it was got for, and to no other", () => {
    const policy = policyOf("registry.example.com");
    const own = originOf("https", "registry.example.com");
    const token = new Redacted("a-bearer-token");
    expect(bearerAuthorization(token, own, own, policy)).toEqual({
      kind: "authorized",
      value: "Bearer a-bearer-token",
    });
    expect(bearerAuthorization(token, own, originOf("https", "registry.example.com:8443"), policy).kind).toBe(
      "withheld",
    );
    expect(bearerAuthorization(token, own, originOf("https", "auth.example.com"), policy).kind).toBe("withheld");
  });
});

describe("logins", () => {
  test("T10: an identity token is no password", () => {
    const read = loginOf(identityToken("refresh-me"));
    expect(read?.username).toBe("");
    expect(loginOf(login("ci", ""))).toBeUndefined();
    expect(loginOf(login("", "password-without-user"))).toBeUndefined();
    expect(loginOf({ kind: "anonymous" })).toBeUndefined();
  });

  test("P8: control characters of a login end up inside base64", () => {
    const read = loginOf(login("ci\r\nX-Evil: 1", "pass\r\nword"));
    const basic = read && basicAuthorization(read, originOf("https", "r.test"), policyOf("r.test"));
    expect(basic?.kind === "authorized" && basic.value).toMatch(/^Basic [A-Za-z0-9+/=]+$/);
  });

  test("equal logins have one key wherever they were found, and the key tells nothing", () => {
    expect(identityKey(login("ci", "same-password", "a"))).toBe(identityKey(login("ci", "same-password", "b")));
    expect(identityKey(login("ci", "same-password"))).not.toBe(identityKey(login("ci", "other-password")));
    expect(identityKey(login("ci", "same-password"))).not.toContain("same");
    expect(inspect(login("ci", "same-password"), { depth: 10 })).not.toContain("same-password");
  });
});

describe("a server that repeats what it was sent", () => {
  const secret = 'p@ss "word"/+é';
  const read = loginOf(login("ci", secret));
  test.each([
    ["as it is", `you sent ${secret}!`],
    ["in base64", `you sent ${Buffer.from(`ci:${secret}`).toString("base64")}`],
    ["the password alone in base64", `you sent ${Buffer.from(secret).toString("base64")}`],
    ["in a URL", `you sent ?p=${encodeURIComponent(secret)}`],
    ["in a form", `you sent ${new URLSearchParams({ p: secret }).toString()}`],
    ["in JSON", `you sent ${JSON.stringify({ secret })}`],
    ["cut short", `you sent ${secret.slice(0, 13)}`],
    ["cut short in base64", `you sent ${Buffer.from(`ci:${secret}`).toString("base64").slice(0, 18)}`],
  ])("C3: %s, and it is blotted out", (_name, text) => {
    const clean = withoutSecrets(text, read, []);
    expect(clean).toContain("[redacted]");
    expect(clean).not.toContain(secret.slice(0, 6));
    expect(clean).not.toContain(Buffer.from(secret).toString("base64").slice(0, 8));
  });

  test("C3: a token, too; a secret of three letters would blot out everything and is left", () => {
    expect(withoutSecrets("bad token tok-12345", undefined, [new Redacted("tok-12345")])).toBe("bad token [redacted]");
    expect(withoutSecrets("abc", loginOf(login("u", "abc")), [])).toBe("abc");
  });
});
