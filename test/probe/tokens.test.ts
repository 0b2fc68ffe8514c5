import { describe, expect, test } from "vitest";
import { askManifest } from "../../src/probe/ask-manifest.ts";
import { Memory } from "../../src/probe/memory.ts";
import { openProber, type ProberSettings } from "../../src/probe/prober.ts";
import { Session } from "../../src/probe/session.ts";
import { askBy, askWith, identityToken, login, question } from "./support/asking.ts";
import { type Answers, type OddServer, type Seen, smallImage, startOddServer } from "./support/odd-server.ts";
import { ScriptedPlaces } from "./support/scripted-places.ts";

const names = ["registry.shop.test", "auth.shop.test", "evil.test", "registry.other.test"];
const password = "canary-password-4711";
const ci = login("ci", password);

/** A registry whose token server is at `realm`; `token` answers there. */
async function startWithRealm(
  realm: (port: string) => string,
  token: Answers,
  registry: Answers = ({ headers }) => (headers.authorization?.startsWith("Bearer ") ? smallImage : undefined),
): Promise<OddServer> {
  return startOddServer(names, async (request, response) => {
    const port = request.headers.host?.split(":")[1] ?? "";
    if (!request.path.startsWith("/v2/")) return token(request, response);
    const reply = await registry(request, response);
    const challenge = `Bearer realm="${realm(port)}",service="shop",scope="repository:shop/web:pull"`;
    return reply ?? { status: 401, headers: { "www-authenticate": challenge } };
  });
}

async function askOnce(server: OddServer, as = ci, more: Partial<ProberSettings> = {}) {
  const asked = question(`registry.shop.test:${server.port}/shop/web:v1`, as);
  const [probe] = await askWith({ ...server.settings, ...more }, asked);
  if (probe === undefined) throw new Error("no probe");
  return probe;
}

function sentLogin({ headers, body }: Seen): boolean {
  const basic = Buffer.from(`ci:${password}`).toString("base64");
  return body.includes(password) || (headers.authorization ?? "").includes(basic);
}

const given = { body: { access_token: "a-token-of-the-run" } };

describe("who gets the login on the way to a token", () => {
  test("T1: a realm on a stranger's host gets nothing, and the login is not asked with", async () => {
    await using server = await startWithRealm(
      (port) => `https://evil.test:${port}/token`,
      () => given,
    );
    const { answer } = await askOnce(server);
    expect(answer).toMatchObject({ kind: "unasked", why: expect.stringContaining("--trust-realm evil.test ") });
    expect(server.seen.filter(({ host }) => host === "evil.test")).toEqual([]);
    expect(server.seen.filter(sentLogin)).toEqual([]);
  });

  test("T1: without a login the same realm is asked, as nobody", async () => {
    await using server = await startWithRealm(
      (port) => `https://evil.test:${port}/token`,
      () => given,
    );
    const { answer } = await askOnce(server, { kind: "anonymous" });
    expect(answer.kind).toBe("granted");
    expect(
      server.seen.filter(({ headers, body }) => headers.authorization?.startsWith("Basic") || body !== ""),
    ).toEqual([]);
  });

  test("T1: the user may trust a realm", async () => {
    await using server = await startWithRealm(
      (port) => `https://evil.test:${port}/token`,
      () => given,
    );
    const { answer } = await askOnce(server, ci, { trustedRealms: ["evil.test"] });
    expect(answer.kind).toBe("granted");
  });

  test("N6: a realm without TLS gets nothing", async () => {
    await using plain = await startOddServer(names, () => given, { scheme: "http" });
    await using server = await startWithRealm(
      () => `${plain.at("auth.shop.test")}/token`,
      () => given,
    );
    const { answer } = await askOnce(server);
    expect(answer).toMatchObject({ kind: "unasked", why: expect.stringContaining("not encrypted") });
    expect(plain.seen).toEqual([]);
  });

  test("T2: a token server that redirects a login elsewhere is refused", async () => {
    await using server = await startWithRealm(
      (port) => `https://auth.shop.test:${port}/token`,
      ({ host, headers }) =>
        host === "evil.test"
          ? given
          : { status: 307, headers: { location: `https://evil.test:${headers.host?.split(":")[1]}/token` } },
    );
    const { answer } = await askOnce(server);
    expect(answer).toMatchObject({ kind: "unreachable", step: "token", fault: "redirect-refused" });
    expect(server.seen.filter(({ host }) => host === "evil.test")).toEqual([]);
  });

  test.each([
    ["with a user", "https://user@auth.shop.test/token"],
    ["with a password", "https://u:p@auth.shop.test/token"],
    ["with a fragment", "https://auth.shop.test/token#evil"],
    ["of another scheme", "ftp://auth.shop.test/token"],
    ["that is empty", ""],
    ["without a scheme", "auth.shop.test/token"],
  ])("T3: a realm %s is refused", async (_name, realm) => {
    await using server = await startWithRealm(
      () => realm,
      () => given,
    );
    const { answer } = await askOnce(server);
    expect(answer).toMatchObject({ kind: "unreachable", step: "token", fault: "bad-response" });
  });

  test("T3: a realm keeps its own query, and a relative one is the registry's", async () => {
    await using server = await startWithRealm(
      () => "/auth?host=shop",
      () => given,
    );
    expect((await askOnce(server)).answer.kind).toBe("granted");
    await using anonymous = await startWithRealm(
      () => "/auth?host=shop",
      () => given,
    );
    await askOnce(anonymous, { kind: "anonymous" });
    expect(anonymous.seen.find(({ path }) => path.startsWith("/auth"))?.path).toBe(
      "/auth?host=shop&scope=repository%3Ashop%2Fweb%3Apull&service=shop",
    );
  });

  test("T4: a second challenge with another realm is not answered with the login", async () => {
    let asked = 0;
    await using server = await startOddServer(names, ({ path, headers }) => {
      if (path.startsWith("/token")) return given;
      asked += 1;
      const port = headers.host?.split(":")[1];
      const realm = asked === 1 ? `https://auth.shop.test:${port}/token` : `https://evil.test:${port}/token`;
      const error = asked === 1 ? "" : ',error="insufficient_scope"';
      const scope = asked === 1 ? "repository:shop/web:pull" : "repository:shop/other:pull";
      return {
        status: 401,
        headers: { "www-authenticate": `Bearer realm="${realm}",service="shop",scope="${scope}"${error}` },
      };
    });
    await askOnce(server);
    expect(server.seen.filter(({ host }) => host === "evil.test")).toEqual([]);
    expect(asked).toBeLessThanOrEqual(3);
  });

  test("T5: a token of one registry is not used at another", async () => {
    await using server = await startWithRealm(
      (port) => `https://auth.shop.test:${port}/token`,
      () => given,
    );
    const prober = openProber({ ...server.settings, trustedRealms: ["auth.shop.test"] });
    await askBy(prober, question(`registry.shop.test:${server.port}/shop/web:v1`, ci));
    await askBy(prober, question(`registry.other.test:${server.port}/shop/web:v1`, ci));
    await prober.close();
    expect(server.seen.filter(({ path }) => path === "/token")).toHaveLength(2);
  });

  test("N5: the login reaches the registry's origin and its token server, and no other host", async () => {
    await using server = await startWithRealm(
      (port) => `https://auth.shop.test:${port}/token`,
      () => given,
    );
    await askOnce(server);
    expect([...new Set(server.seen.filter(sentLogin).map(({ host }) => host))]).toEqual(["auth.shop.test"]);
  });
});

describe("how a token is asked for", () => {
  test.each([
    [400, "granted"],
    [401, "granted"],
    [404, "granted"],
    [405, "granted"],
    [403, "refused"],
    [500, "refused"],
  ])("a POST answered with %i: %s", async (status, kind) => {
    await using server = await startWithRealm(
      () => "/token",
      ({ method }) => (method === "POST" ? { status } : given),
    );
    expect((await askOnce(server)).answer.kind).toBe(kind);
  });

  test.each([
    ["containerd", ["POST"], "refused"],
    ["cri-o", ["GET"], "granted"],
    ["docker", ["GET"], "granted"],
    ["unknown", ["POST", "GET"], "granted"],
  ] as const)("as %s does, where a POST is answered with `token` alone: %j, %s", async (name, methods, kind) => {
    await using server = await startWithRealm(
      () => "/token",
      () => ({ body: { token: "a-token-of-the-run" } }),
    );
    const image = `registry.shop.test:${server.port}/shop/web:v1`;
    const [probe] = await askWith(server.settings, question(image, ci, { runtime: { name, version: "2.1.0" } }));
    expect(server.seen.filter(({ path }) => path.startsWith("/token")).map(({ method }) => method)).toEqual(methods);
    expect(probe?.answer.kind).toBe(kind);
  });

  test("a refused login goes out in the two forms in which containerd sends it, and in CRI-O's one", async () => {
    for (const [name, times] of [
      ["containerd", 2],
      ["cri-o", 1],
    ] as const) {
      await using server = await startWithRealm(
        () => "/token",
        () => ({ status: 401 }),
      );
      const image = `registry.shop.test:${server.port}/shop/web:v1`;
      await askWith(server.settings, question(image, ci, { runtime: { name, version: "2.1.0" } }));
      expect(server.seen.filter(sentLogin)).toHaveLength(times);
    }
  });

  test("T10: an identity token is sent as refresh_token, and never as a password", async () => {
    await using server = await startWithRealm(
      () => "/token",
      () => given,
    );
    await askOnce(server, identityToken("an-identity-token"));
    const [post] = server.seen.filter(({ path }) => path === "/token");
    const form = new URLSearchParams(post?.body);
    expect(form.get("grant_type")).toBe("refresh_token");
    expect(form.get("refresh_token")).toBe("an-identity-token");
    expect(form.has("password")).toBe(false);
  });

  test("T6: neither the token nor the password is in what comes back", async () => {
    await using server = await startWithRealm(
      () => "/token",
      () => given,
      ({ headers }) =>
        headers.authorization === undefined
          ? undefined
          : {
              status: 403,
              body: { errors: [{ code: "DENIED", message: `no: ${headers.authorization} ${password}` }] },
            },
    );
    const probe = await askOnce(server);
    const shown = JSON.stringify(probe);
    expect(probe.answer).toMatchObject({ kind: "refused", words: { code: "DENIED" } });
    for (const secret of ["a-token-of-the-run", password]) expect(shown).not.toContain(secret);
  });

  test.each([
    ["no token", "{}"],
    ["a number", '{"token":1}'],
    ["null", "null"],
    ["a page", "<html>"],
    ["a token that would split a header", '{"access_token":"a\\r\\nX-Evil: 1"}'],
    ["an endless one", `{"access_token":"${"x".repeat(200_000)}"}`],
  ])("T8, S1: a token server that answers 200 with %s is at fault", async (_name, body) => {
    await using server = await startWithRealm(
      () => "/token",
      () => ({ body }),
    );
    const { answer } = await askOnce(server);
    expect(answer).toMatchObject({
      kind: "refused",
      step: "token",
      meaning: "token-server-fault",
      words: { status: 200 },
    });
  });

  test("T7: a token that is over at once costs one more, and no loop", async () => {
    await using server = await startWithRealm(
      () => "/token",
      () => ({ body: { access_token: "t-0000", expires_in: 1 } }),
    );
    const prober = openProber(server.settings);
    const asked = question(`registry.shop.test:${server.port}/shop/web:v1`, ci);
    await askBy(prober, asked);
    await new Promise((resolve) => setTimeout(resolve, 1_100));
    await askBy(prober, asked);
    await prober.close();
    expect(server.seen.filter(({ path }) => path === "/token")).toHaveLength(2);
  });

  test.each([
    ["its own", "registry.shop.test", { token: "T", expires_in: 30 }, 30],
    ["the specification's where it names none", "registry.shop.test", { token: "T" }, 60],
    ["the registry's where it names none", "shop.azurecr.io", { access_token: "T" }, 4_500],
  ])("T7: a token lives for %s", async (_name, registry, body, seconds) => {
    const challenge = { "WWW-Authenticate": `Bearer realm="https://${registry}/token",service="s"` };
    const places = new ScriptedPlaces([
      { when: { path: "/token" }, reply: { status: 200, body: JSON.stringify(body) } },
      { when: { auth: "none" }, reply: { status: 401, headers: challenge } },
    ]);
    const memory = new Memory();
    const none: ReadonlySet<string> = new Set();
    const settings = { network: places, memory, userAgent: "test", plainHttp: none, trustedRealms: none };
    const asked = question(`${registry}/shop/web:v1`);
    await askManifest(new Session(asked, settings, performance.now() + 5_000));
    const [access] = await Promise.all(memory.access.values());
    const until = access?.ok === true && access.value.kind === "bearer" ? access.value.until - performance.now() : 0;
    expect(Math.round(until / 1_000)).toBe(seconds);
  });

  test("T9: a login that a token server refused is not sent there again, whatever is asked next", async () => {
    await using server = await startWithRealm(
      () => "/token",
      ({ method }) =>
        method === "POST" ? { status: 405 } : { status: 401, body: { details: "incorrect username or password" } },
    );
    const prober = openProber(server.settings);
    const image = `registry.shop.test:${server.port}/shop/web:v1`;
    const [first] = await askBy(prober, question(image, ci));
    const again = await askBy(
      prober,
      question(`registry.shop.test:${server.port}/shop/other:v1`, ci),
      question(image, ci, { kind: "login" }),
      question(image, ci, { kind: "tags" }),
      question(image, login("ci", password, "another-secret-with-the-same")),
    );
    await prober.close();
    expect(first?.answer).toMatchObject({ kind: "refused", step: "token", meaning: "login-refused" });
    expect(again.map(({ answer }) => answer.kind === "refused" && answer.words.status)).toEqual([401, 401, 401, 401]);
    expect(server.seen.filter(({ headers }) => headers.authorization?.startsWith("Basic"))).toHaveLength(1);
  });

  test("T9: a login that a registry refused by Basic is not sent there again", async () => {
    await using server = await startOddServer(names, () => ({
      status: 401,
      headers: { "www-authenticate": 'Basic realm="x"' },
    }));
    const prober = openProber(server.settings);
    const image = `registry.shop.test:${server.port}/shop/web:v1`;
    const probes = await askBy(prober, question(image, ci), question(image, ci, { kind: "tags" }));
    await prober.close();
    expect(probes.map(({ answer }) => answer.kind === "refused" && answer.meaning)).toEqual([
      "login-refused",
      "login-refused",
    ]);
    expect(server.seen.filter(({ headers }) => headers.authorization !== undefined)).toHaveLength(1);
  });

  test("T11: the repository cannot smuggle anything into the scope's query, nor can a challenge's scope", async () => {
    const smuggler = "repository:shop/web:pull&account=root#x?y=%26";
    await using server = await startWithRealm(
      () => "/token",
      () => given,
      ({ headers }) =>
        headers.authorization?.startsWith("Bearer ")
          ? smallImage
          : {
              status: 401,
              headers: { "www-authenticate": `Bearer realm="/token",service="shop",scope="${smuggler}"` },
            },
    );
    await askOnce(server, { kind: "anonymous" });
    const token = server.seen.find(({ path }) => path.startsWith("/token"));
    const query = new URL(token?.path ?? "", "https://x.test").searchParams;
    expect([...query]).toEqual([
      ["scope", "repository:shop/web:pull"],
      ["scope", smuggler],
      ["service", "shop"],
    ]);
  });

  test("the login check asks for a token without scope", async () => {
    await using server = await startWithRealm(
      () => "/token",
      ({ body, path }) => (body.includes("scope=") || path.includes("scope=") ? given : { status: 401 }),
      () => undefined,
    );
    const prober = openProber(server.settings);
    const image = `registry.shop.test:${server.port}/shop/web:v1`;
    const [manifest] = await askBy(prober, question(image, ci));
    const [check] = await askBy(prober, question(image, ci, { kind: "login" }));
    await prober.close();
    expect(manifest?.answer).toMatchObject({ kind: "refused", step: "manifest" });
    expect(check?.answer).toMatchObject({ kind: "refused", step: "login", meaning: "login-refused" });
  });

  test("a token that is too narrow is asked for once more with the scope the registry names", async () => {
    await using server = await startOddServer(names, ({ path, headers, body }) => {
      if (path === "/token") return { body: { access_token: body.includes("extra") ? "wide-token" : "narrow-token" } };
      if (headers.authorization === "Bearer wide-token") return smallImage;
      const narrow =
        headers.authorization === undefined
          ? 'scope="repository:shop/web:pull"'
          : 'scope="repository:shop/extra:pull",error="insufficient_scope"';
      return { status: 401, headers: { "www-authenticate": `Bearer realm="/token",service="shop",${narrow}` } };
    });
    expect((await askOnce(server)).answer.kind).toBe("granted");
  });
});
