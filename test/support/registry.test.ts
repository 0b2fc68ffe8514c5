import { Agent, request } from "node:https";
import { createConnection } from "node:net";
import { describe, expect, test } from "vitest";
import { startBlobStore } from "./blob-store.ts";
import { issue, issueExpired, issueNotYetValid, sharedAuthority, sharedCertificate } from "./certificates.ts";
import { type Registry, type RegistryOptions, startRegistry } from "./registry.ts";
import { RequestLedger } from "./registry-ledger.ts";
import { startBlackhole } from "./registry-silence.ts";
import { startTokenServer } from "./token-server.ts";

interface Reply {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly body: string;
}

interface Ask {
  readonly method?: string;
  readonly headers?: Record<string, string>;
  readonly body?: string;
  readonly client?: { cert: string; key: string };
}

async function ask(server: { port: number }, path: string, options: Ask = {}): Promise<Reply> {
  const { cert: ca } = await sharedAuthority();
  return new Promise((resolve, reject) => {
    const outgoing = request(
      {
        host: "127.0.0.1",
        port: server.port,
        servername: "registry.test",
        path,
        ca,
        agent: new Agent(),
        method: options.method ?? "GET",
        headers: { host: `registry.test:${server.port}`, ...options.headers },
        ...options.client,
      },
      (response) => {
        let body = "";
        response.on("data", (chunk) => {
          body += String(chunk);
        });
        response.on("error", reject);
        response.on("end", () => resolve({ status: response.statusCode ?? 0, headers: response.headers, body }));
      },
    );
    outgoing.on("error", reject);
    outgoing.end(options.body);
  });
}

async function registry(options: RegistryOptions = {}): Promise<Registry> {
  return startRegistry({
    certificate: await sharedCertificate(["registry.test"]),
    images: [{ repository: "shop/web", tags: ["v1", "v2", "v3"] }],
    ...options,
  });
}

function basic(user: string, password: string): Record<string, string> {
  return { authorization: `Basic ${Buffer.from(`${user}:${password}`).toString("base64")}` };
}

describe("a registry", () => {
  test("serves a manifest by tag and by digest, and its blobs", async () => {
    await using server = await registry();
    const byTag = await ask(server, "/v2/shop/web/manifests/v1");
    const digest = String(byTag.headers["docker-content-digest"]);
    const byDigest = await ask(server, `/v2/shop/web/manifests/${digest}`);
    expect(byDigest.body).toBe(byTag.body);
    expect(digest).toBe(server.digestOf("shop/web:v1"));
    const config = await ask(server, `/v2/shop/web/blobs/${JSON.parse(byTag.body).config.digest}`);
    expect(JSON.parse(config.body)).toMatchObject({ os: "linux", architecture: "amd64" });
  });

  test("answers HEAD with the headers of GET and no body", async () => {
    await using server = await registry();
    const head = await ask(server, "/v2/shop/web/manifests/v1", { method: "HEAD" });
    const get = await ask(server, "/v2/shop/web/manifests/v1");
    expect(head.body).toBe("");
    expect(head.headers["content-length"]).toBe(String(get.body.length));
  });

  test("tells an unknown tag from an unknown repository", async () => {
    await using server = await registry();
    expect((await ask(server, "/v2/shop/web/manifests/v9")).body).toContain("MANIFEST_UNKNOWN");
    expect((await ask(server, "/v2/shop/wbe/manifests/v1")).body).toContain("NAME_UNKNOWN");
  });

  test("lists tags page by page", async () => {
    await using server = await registry({ tagPage: 2 });
    const first = await ask(server, "/v2/shop/web/tags/list");
    expect(JSON.parse(first.body).tags).toEqual(["v1", "v2"]);
    const next = /<([^>]+)>; rel="next"/.exec(String(first.headers["link"]))?.[1] ?? "";
    const second = await ask(server, next);
    expect(JSON.parse(second.body).tags).toEqual(["v3"]);
    expect(second.headers["link"]).toBeUndefined();
  });

  test("lists a signature as a referrer and under cosign's tag", async () => {
    await using server = await registry({
      images: [
        { repository: "shop/web", tags: ["v1"], family: "oci" },
        { repository: "shop/web", kind: "signature", subject: "shop/web:v1" },
      ],
    });
    const digest = server.digestOf("shop/web:v1");
    const referrers = JSON.parse((await ask(server, `/v2/shop/web/referrers/${digest}`)).body);
    expect(referrers.manifests).toHaveLength(1);
    const tagged = await ask(server, `/v2/shop/web/manifests/${digest.replace(":", "-")}.sig`);
    expect(tagged.status).toBe(200);
  });

  test("redirects to its blob store without wanting a login there", async () => {
    const ledger = new RequestLedger();
    const certificate = await sharedCertificate(["registry.test"]);
    await using store = await startBlobStore({ certificate, ledger });
    await using server = await registry({ blobStore: { store, host: "cdn.test" }, ledger });
    const manifest = await ask(server, "/v2/shop/web/manifests/v1");
    const { digest } = JSON.parse(manifest.body).layers[0];
    const redirect = await ask(server, `/v2/shop/web/blobs/${digest}`);
    expect(redirect.status).toBe(307);
    const location = new URL(String(redirect.headers["location"]));
    expect(location.host).toBe(`cdn.test:${store.port}`);
    const blob = await ask(store, location.pathname + location.search, { headers: { range: "bytes=0-0" } });
    expect(blob.status).toBe(206);
    expect(blob.body).toHaveLength(1);
    expect((await ask(store, location.pathname + location.search, { headers: basic("a", "b") })).status).toBe(400);
  });

  test("notes what nobody expected, and says how to mend it", async () => {
    await using server = await registry();
    await ask(server, "/v2/shop/web/manifests/v1", { method: "DELETE" });
    expect(() => server.ledger.assertAllExpected()).toThrow(/DELETE .* teach test\/support\/registry.ts/);
  });
});

describe("logins", () => {
  const users = { "ci-bot": "s3cret" };

  test("Basic: refuses none and wrong ones with a challenge, and knows permissions", async () => {
    await using server = await registry({ auth: { kind: "basic", users, grants: { "ci-bot": ["shop/*"] } } });
    const none = await ask(server, "/v2/shop/web/manifests/v1");
    expect(none.status).toBe(401);
    expect(none.headers["www-authenticate"]).toBe('Basic realm="basic-realm"');
    expect((await ask(server, "/v2/shop/web/manifests/v1", { headers: basic("ci-bot", "no") })).status).toBe(401);
    expect((await ask(server, "/v2/shop/web/manifests/v1", { headers: basic("ci-bot", "s3cret") })).status).toBe(200);
    expect((await ask(server, "/v2/other/web/manifests/v1", { headers: basic("ci-bot", "s3cret") })).status).toBe(403);
  });

  test("token: the challenge names realm and scope, and the token opens what the user may pull", async () => {
    const certificate = await sharedCertificate(["registry.test"]);
    await using server = await startTokenServer({ certificate, users, grants: { "ci-bot": ["shop/web"] } });
    await using images = await registry({
      auth: { kind: "token", server, host: "auth.test" },
      images: [
        { repository: "shop/web", tags: ["v1"] },
        { repository: "shop/private", tags: ["v1"] },
      ],
    });
    const challenge = String((await ask(images, "/v2/shop/web/manifests/v1")).headers["www-authenticate"]);
    expect(challenge).toContain(`realm="https://auth.test:${server.port}/token"`);
    expect(challenge).toContain('scope="repository:shop/web:pull"');
    const scope = "service=registry.test&scope=repository:shop/web:pull";
    const { token } = JSON.parse((await ask(server, `/token?${scope}`, { headers: basic("ci-bot", "s3cret") })).body);
    const bearer = { authorization: `Bearer ${token}` };
    expect((await ask(images, "/v2/shop/web/manifests/v1", { headers: bearer })).status).toBe(200);
    const other = await ask(images, "/v2/shop/private/manifests/v1", { headers: bearer });
    expect(other.status).toBe(401);
    expect(other.headers["www-authenticate"]).toContain('error="insufficient_scope"');
    expect((await ask(server, `/token?${scope}`, { headers: basic("ci-bot", "no") })).status).toBe(401);
  });

  test("token: POST is an OAuth grant, or not known", async () => {
    const certificate = await sharedCertificate(["registry.test"]);
    const body = "grant_type=password&username=ci-bot&password=s3cret&service=s&scope=repository:shop/web:pull";
    await using modern = await startTokenServer({ certificate, users });
    expect((await ask(modern, "/token", { method: "POST", body })).status).toBe(200);
    await using old = await startTokenServer({ certificate, users, post: 404 });
    expect((await ask(old, "/token", { method: "POST", body })).status).toBe(404);
    const refresh = "grant_type=refresh_token&refresh_token=abc&service=s";
    await using identity = await startTokenServer({ certificate, identityTokens: { abc: "ci-bot" } });
    expect((await ask(identity, "/token", { method: "POST", body: refresh })).status).toBe(200);
  });

  test("the ledger tells of a login at a place where it has no business, and of a refused one sent again", async () => {
    await using server = await registry({ auth: { kind: "basic", users } });
    await ask(server, "/v2/shop/web/manifests/v1", { headers: basic("ci-bot", "no") });
    const origin = `https://registry.test:${server.port}`;
    expect(() => server.ledger.assertLoginsOnlyAt(origin)).not.toThrow();
    expect(() => server.ledger.assertLoginsOnlyAt("https://other.test")).toThrow(/A login \(basic\) was sent to/);
    expect(() => server.ledger.assertNoRefusedLoginTwice()).not.toThrow();
    await ask(server, "/v2/shop/web/manifests/v2", { headers: basic("ci-bot", "no") });
    expect(() => server.ledger.assertNoRefusedLoginTwice()).toThrow(/"ci-bot"/);
  });
});

describe("faults", () => {
  const path = "/v2/shop/web/manifests/v1";

  test("a status with body, and only where the condition holds", async () => {
    const fault = { kind: "status", status: 503, body: "down" } as const;
    await using server = await registry({ faults: [{ fault, pathIncludes: "/manifests/v1", times: 1 }] });
    expect(await ask(server, path)).toMatchObject({ status: 503, body: "down" });
    expect((await ask(server, path)).status).toBe(200);
    expect((await ask(server, "/v2/shop/web/manifests/v2")).status).toBe(200);
  });

  test("429 with Retry-After, a web page, a redirect loop", async () => {
    await using limited = await registry({ faults: [{ fault: { kind: "too-many-requests", retryAfter: "60" } }] });
    expect(await ask(limited, path)).toMatchObject({ status: 429, headers: { "retry-after": "60" } });
    await using page = await registry({ faults: [{ fault: { kind: "html" } }] });
    expect((await ask(page, path)).headers["content-type"]).toContain("text/html");
    await using loop = await registry({ faults: [{ fault: { kind: "redirect", to: "loop" } }] });
    expect((await ask(loop, path)).headers["location"]).toBe(path);
  });

  test("a digest or content type that is not the manifest's", async () => {
    await using wrong = await registry({ faults: [{ fault: { kind: "wrong-digest" } }] });
    expect((await ask(wrong, path)).headers["docker-content-digest"]).toBe(`sha256:${"0".repeat(64)}`);
    await using odd = await registry({
      faults: [{ fault: { kind: "wrong-content-type", contentType: "text/plain" } }],
    });
    expect((await ask(odd, path)).headers["content-type"]).toBe("text/plain");
  });

  test("a body that ends early, and a connection that is reset", async () => {
    await using cut = await registry({ faults: [{ fault: { kind: "cut-body" } }] });
    await expect(ask(cut, path)).rejects.toMatchObject({ code: "ECONNRESET" });
    await using reset = await registry({ faults: [{ fault: { kind: "reset" } }] });
    await expect(ask(reset, path)).rejects.toMatchObject({ code: "ECONNRESET" });
  });

  test("certificates: expired, not valid yet, and a client's that is wanted", async () => {
    const authority = await sharedAuthority();
    await using expired = await registry({ certificate: await issueExpired({ authority, names: ["registry.test"] }) });
    await expect(ask(expired, path)).rejects.toMatchObject({ code: "CERT_HAS_EXPIRED" });
    const early = await issueNotYetValid({ authority, names: ["registry.test"] });
    await using tomorrow = await registry({ certificate: early });
    await expect(ask(tomorrow, path)).rejects.toMatchObject({ code: "CERT_NOT_YET_VALID" });
    await using strict = await registry({ clientAuthority: authority.cert });
    await expect(ask(strict, path)).rejects.toMatchObject({ code: expect.stringMatching(/ECONNRESET|ERR_SSL/) });
    await using polite = await registry({ clientAuthority: authority.cert, withoutClientCertificate: "status-400" });
    expect((await ask(polite, path)).status).toBe(400);
    const client = await issue({ authority, names: ["node1"], client: true });
    expect((await ask(polite, path, { client })).status).toBe(200);
  });

  test.runIf(process.platform === "linux")("a port that neither accepts nor refuses", async () => {
    await using hole = await startBlackhole();
    const outcome = await new Promise((resolve) => {
      const socket = createConnection({ host: "127.0.0.1", port: hole.port });
      socket.on("connect", () => resolve("connected"));
      socket.on("error", () => resolve("refused"));
      setTimeout(() => {
        socket.destroy();
        resolve("nothing");
      }, 300);
    });
    expect(outcome).toBe("nothing");
  });
});
