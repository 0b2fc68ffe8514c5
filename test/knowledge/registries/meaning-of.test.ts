import { describe, expect, test } from "vitest";
import { registries } from "../../../src/knowledge/registries/index.ts";
import { meaningOf, readRemaining } from "../../../src/knowledge/registries/meaning-of.ts";
import type { Dialect, Observation } from "../../../src/knowledge/registries/registry.ts";
import { specification } from "../../../src/knowledge/registries/specification.ts";

function dialect(id: string): Dialect {
  const found = registries.find((each) => each.id === id);
  if (found === undefined) throw new Error(`no dialect ${id}`);
  return found;
}

interface Seen extends Partial<Omit<Observation, "headers">> {
  readonly headers?: Readonly<Record<string, string>>;
}

function meaning(of: Dialect | string, { headers, ...seen }: Seen): string {
  return meaningOf(typeof of === "string" ? dialect(of) : of, {
    step: "manifest",
    status: 200,
    method: "GET",
    withLogin: false,
    ...seen,
    headers: new Map(Object.entries(headers ?? {})),
  });
}

const page = { body: "html", headers: { "content-type": "text/html" } } as const;
const asked = { withLogin: true, scheme: "bearer" } as const;

describe("by the specification", () => {
  test.each<[string, Seen]>([
    ["granted", { status: 200 }],
    ["granted", { status: 307 }],
    ["granted", { step: "blob", status: 206 }],
    ["login-wanted", { status: 401 }],
    ["login-wanted", { step: "token", status: 401 }],
    ["login-refused", { status: 401, withLogin: true, scheme: "basic" }],
    ["login-refused", { step: "token", status: 401, withLogin: true }],
    ["login-refused", { step: "login", status: 403, withLogin: true, body: "json" }],
    ["login-expired", { step: "token", status: 401, withLogin: true, message: "token is expired" }],
    [
      "login-refused",
      {
        step: "token",
        status: 401,
        withLogin: true,
        message: "it was either incorrect, expired, or improperly scoped",
      },
    ],
    // A token that opens nothing: private and missing look alike.
    ["absent-or-no-access", { status: 401, withLogin: true, scheme: "bearer", challengeError: "insufficient_scope" }],
    ["absent-or-no-access", { status: 401, scheme: "bearer" }],
    ["token-refused", { status: 401, ...asked, challengeError: "invalid_token" }],
    ["no-permission", { status: 403, ...asked, body: "errors", code: "DENIED" }],
    ["no-permission", { status: 403, ...asked, body: "empty" }],
    // A gateway before the registry: {"message": "Forbidden"}.
    ["unclear", { status: 403, ...asked, body: "json", message: "Forbidden" }],
    ["absent-or-no-access", { status: 403, body: "errors", code: "DENIED" }],
    ["login-refused-or-no-permission", { step: "token", status: 403, withLogin: true, body: "errors" }],
    ["unclear", { step: "token", status: 403, withLogin: true, body: "text" }],
    ["repository-absent", { status: 404, code: "NAME_UNKNOWN" }],
    ["absent", { status: 404, code: "MANIFEST_UNKNOWN" }],
    ["absent", { status: 404, body: "empty" }],
    ["tag-expired", { status: 404, code: "TAG_EXPIRED" }],
    ["rate-limited", { status: 429 }],
    ["rate-limited", { step: "token", status: 429, ...page }],
    ["quota-exceeded", { status: 402 }],
    ["policy-blocked", { status: 412 }],
    ["geo-blocked", { status: 451, body: "text" }],
    ["registry-fault", { status: 503, body: "errors" }],
    ["token-server-fault", { step: "token", status: 500 }],
    ["token-server-fault", { step: "token", status: 400 }],
    ["bad-request", { status: 400, body: "errors", code: "NAME_INVALID" }],
    ["unclear", { status: 418 }],
  ])("%s", (means, seen) => {
    expect(meaning(specification, seen)).toBe(means);
  });
});

describe("a page that shows no sign of a registry is never a verdict on a login", () => {
  test.each([200, 403, 407, 451, 511, 401, 404])("%i", (status) => {
    for (const withLogin of [true, false]) {
      for (const step of ["manifest", "token", "login", "tags"] as const) {
        expect(meaning(specification, { step, status, withLogin, ...page })).toBe("not-a-registry");
      }
    }
  });

  test("not in any dialect, with any status that could be taken for one", () => {
    const verdicts = new Set([
      "login-refused",
      "login-expired",
      "no-permission",
      "login-refused-or-no-permission",
      "absent-or-no-access",
    ]);
    for (const each of registries) {
      for (const status of [200, 400, 403, 405, 407, 451, 502, 503, 511]) {
        for (const step of ["manifest", "token", "login"] as const) {
          const found = meaning(each, {
            step,
            status,
            withLogin: true,
            scheme: "basic",
            message: "blocked by policy",
            ...page,
          });
          expect(verdicts.has(found), `${each.id} ${step} ${status} ${found}`).toBe(false);
        }
      }
    }
  });

  test("a 5xx page is a fault, unless it names a proxy", () => {
    expect(meaning(specification, { status: 502, ...page })).toBe("registry-fault");
    const squid = { body: "html", headers: { "content-type": "text/html", server: "squid/6.10" } } as const;
    expect(meaning(specification, { status: 503, ...squid })).toBe("not-a-registry");
  });

  test("a page with a challenge, or with a registry's header, keeps its meaning", () => {
    const challenge = {
      body: "html",
      headers: { "content-type": "text/html", "www-authenticate": "Bearer realm=x" },
    } as const;
    expect(meaning("nvcr", { status: 401, ...challenge })).toBe("login-wanted");
    const versioned = { body: "html", headers: { "docker-distribution-api-version": "registry/2.0" } } as const;
    expect(meaning(specification, { status: 403, ...asked, ...versioned })).toBe("no-permission");
  });

  test("a HEAD has no body: its content type tells", () => {
    expect(
      meaning(specification, {
        status: 403,
        method: "HEAD",
        body: "empty",
        headers: { "content-type": "text/html; charset=utf-8" },
      }),
    ).toBe("not-a-registry");
  });
});

describe("what a naive reading gets wrong", () => {
  test("1: Docker Hub's HEAD is 200 with nothing left", () => {
    const left = (value: string) =>
      meaning("docker-hub", { method: "HEAD", headers: { "ratelimit-remaining": value } });
    expect(left("0;w=21600")).toBe("rate-limited");
    expect(left("1;w=21600")).toBe("granted");
    expect(left("nonsense")).toBe("granted");
    expect(meaning(specification, { method: "HEAD", headers: { "ratelimit-remaining": "0;w=21600" } })).toBe("granted");
    expect(readRemaining("99;w=21600")).toBe(99);
    expect(readRemaining("-1")).toBeUndefined();
  });

  test("2: a refused login on a public image is a refused login, at each its own status", () => {
    expect(meaning("docker-hub", { step: "token", status: 401, withLogin: true })).toBe("login-refused");
    expect(
      meaning("ghcr", {
        step: "token",
        status: 403,
        withLogin: true,
        code: "DENIED",
        body: "errors",
        message: "denied",
      }),
    ).toBe("login-refused");
    expect(meaning("ecr-public", { step: "token", status: 400, withLogin: true, body: "text" })).toBe("login-refused");
    expect(meaning("ecr-public", { step: "token", status: 403, withLogin: true, body: "text" })).toBe("login-refused");
  });

  test("3: Harbor's token proves nothing; a token without scope does", () => {
    expect(dialect("harbor").masksRefusedLogin).toBe(true);
    expect(meaning("harbor", { step: "token", status: 200, withLogin: true })).toBe("granted");
    expect(meaning("harbor", { status: 401, ...asked })).toBe("absent-or-no-access");
    expect(meaning("harbor", { step: "login", status: 401, withLogin: true })).toBe("login-refused");
  });

  test("4: a 401 after a token is no password fault at Quay and Docker Hub", () => {
    for (const id of ["quay", "docker-hub"]) {
      expect(meaning(id, { status: 401, ...asked, body: "errors", code: "UNAUTHORIZED" })).toBe("absent-or-no-access");
    }
  });

  test("5: statuses lie", () => {
    expect(
      meaning("ecr", {
        status: 403,
        withLogin: true,
        scheme: "basic",
        code: "DENIED",
        message: "Your authorization token has expired. Reauthenticate and try again.",
      }),
    ).toBe("login-expired");
    expect(meaning("ecr", { status: 400, withLogin: true, scheme: "basic" })).toBe("login-refused");
    expect(meaning("ibm", { step: "token", status: 400, withLogin: true })).toBe("login-refused");
    expect(meaning("acr", { step: "token", status: 401, withLogin: true })).toBe("login-refused-or-no-permission");
    expect(
      meaning("quay", {
        step: "token",
        status: 405,
        withLogin: true,
        code: "DENIED",
        message: "Namespace x has been disabled.",
      }),
    ).toBe("suspended");
    expect(meaning("harbor", { status: 412, ...asked })).toBe("policy-blocked");
    expect(
      meaning("artifactory", {
        status: 403,
        ...asked,
        code: "UNAUTHORIZED",
        body: "errors",
        message: "Download request for repo:path 'a' is forbidden",
      }),
    ).toBe("absent-or-no-access");
    expect(
      meaning("gar", {
        step: "token",
        status: 403,
        withLogin: true,
        code: "DENIED",
        body: "errors",
        message: "Permission denied on resource (or it may not exist)",
      }),
    ).toBe("absent-or-no-access");
    expect(
      meaning("ocir", {
        step: "token",
        status: 403,
        withLogin: true,
        code: "DENIED",
        body: "errors",
        message: "Anonymous users are only allowed read access on public repos",
      }),
    ).toBe("login-refused");
  });

  test("6: /v2/ is granted where nothing else is", () => {
    expect(meaning("artifactory", { step: "challenge", status: 200 })).toBe("granted");
    expect(meaning("nexus", { status: 403, withLogin: true, scheme: "basic" })).toBe("no-permission");
  });

  test("7: GitLab's 401 is a refused login, its older 403 may be that or a lack of access", () => {
    expect(
      meaning("gitlab", { step: "token", status: 401, withLogin: true, message: "HTTP Basic: Access denied." }),
    ).toBe("login-refused");
    expect(
      meaning("gitlab", {
        step: "token",
        status: 403,
        withLogin: true,
        code: "DENIED",
        body: "errors",
        message: "access forbidden",
      }),
    ).toBe("login-refused-or-no-permission");
  });

  test("8: challenges that are missing are known", () => {
    for (const id of ["gar", "docker-hub", "ghcr"]) expect(dialect(id).challenge?.mayBeMissing).toBe(true);
  });

  test("10: UNKNOWN of Red Hat and NOT_FOUND of Harbor mean that something is missing", () => {
    expect(meaning("redhat", { status: 404, ...asked, code: "UNKNOWN", message: "Not Found" })).toBe("absent");
    expect(
      meaning("harbor", { status: 404, ...asked, code: "NOT_FOUND", message: "artifact shop/web:1 not found" }),
    ).toBe("tag-absent");
    expect(
      meaning("harbor", { status: 404, ...asked, code: "NOT_FOUND", message: "repository shop/web not found" }),
    ).toBe("repository-absent");
    expect(
      meaning("harbor", {
        status: 404,
        ...asked,
        code: "NOT_FOUND",
        message: `artifact shop/web@sha256:${"a".repeat(64)} not found`,
      }),
    ).toBe("absent");
  });

  test("11: a limit is one, whatever its message says of the delay", () => {
    expect(
      meaning("ghcr", {
        status: 429,
        code: "TOOMANYREQUESTS",
        message: "retry-after: 985.86µs, allowed: 44000/minute",
      }),
    ).toBe("rate-limited");
  });

  test("12: refused because of where one is", () => {
    expect(
      meaning("acr", {
        status: 403,
        ...asked,
        code: "DENIED",
        message: "client with IP '10.0.0.1' is not allowed access. Refer https://aka.ms/acr/firewall",
      }),
    ).toBe("address-denied");
    expect(
      meaning("ibm", {
        status: 403,
        ...asked,
        code: "DENIED",
        message: "Private-only access is enabled on this account",
      }),
    ).toBe("address-denied");
    expect(
      meaning("k8s", {
        status: 403,
        ...page,
        message: "Your client does not have permission to get URL /v2/x from this server",
      }),
    ).toBe("geo-blocked");
    expect(
      meaning(specification, {
        status: 403,
        ...page,
        message: "Your client does not have permission to get URL /v2/x from this server",
      }),
    ).toBe("geo-blocked");
  });

  test("14: registries that bill or ban say so", () => {
    expect(dialect("ecr-public").politeness).toMatchObject({ tags: "never", gap: 1_000 });
    expect(dialect("gitlab").politeness?.bansForRefusedLogins).toBe(true);
    expect(dialect("docker-hub").politeness?.getCounts).toBe(true);
    expect(meaning("gitlab", { step: "token", status: 403, withLogin: true, body: "text", message: "Forbidden" })).toBe(
      "address-denied",
    );
  });

  test("16: the limit of the registry behind a cache is not one's own", () => {
    expect(
      meaning("acr", {
        status: 429,
        ...asked,
        code: "TOOMANYREQUESTS",
        message: "too many requests to source registry for cache rule 'hub'",
      }),
    ).toBe("rate-limited-upstream");
  });

  test("18: Docker Hub's geographic block is a page, and no login helps", () => {
    const words = "403 Forbidden Since Docker is a US company, we must comply with US export control regulations";
    expect(meaning("docker-hub", { status: 403, ...asked, ...page, message: words })).toBe("geo-blocked");
    expect(meaning("docker-hub", { status: 403, ...asked, ...page, message: "403 Forbidden" })).toBe("not-a-registry");
  });
});
