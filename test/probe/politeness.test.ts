import { performance } from "node:perf_hooks";
import { describe, expect, test } from "vitest";
import { anonymous, type Question } from "../../src/domain/probe.ts";
import { askManifest, askRepository } from "../../src/probe/ask-manifest.ts";
import { askTags } from "../../src/probe/ask-tags.ts";
import { Memory } from "../../src/probe/memory.ts";
import { Session } from "../../src/probe/session.ts";
import { imageAt, login } from "./support/asking.ts";
import { ScriptedPlaces, type ServerRule } from "./support/scripted-places.ts";

const manifest = JSON.stringify({ schemaVersion: 2, config: {}, layers: [] });

function sessionOf(question: Question, rules: readonly ServerRule[], memory = new Memory()) {
  const network = new ScriptedPlaces(rules);
  const none: ReadonlySet<string> = new Set();
  const settings = { network, memory, userAgent: "test", plainHttp: none, trustedRealms: none };
  return { session: new Session(question, settings, performance.now() + 5_000), network };
}

const hub: readonly ServerRule[] = [
  { when: { host: "auth.docker.io" }, reply: { status: 200, body: '{"token":"T","access_token":"T"}' } },
  {
    when: { auth: "none" },
    reply: {
      status: 401,
      headers: { "WWW-Authenticate": 'Bearer realm="https://auth.docker.io/token",service="registry.docker.io"' },
    },
  },
];

const image = imageAt("docker.io/library/nginx:latest");

describe("Docker Hub, where a GET counts as a pull and a HEAD does not", () => {
  test("HEAD decides, and one GET reads what was granted", async () => {
    const granted = {
      when: { auth: "bearer" },
      reply: { status: 200, headers: { "ratelimit-remaining": "76;w=21600" }, body: manifest },
    };
    const { session, network } = sessionOf({ kind: "manifest", reference: image, as: anonymous }, [...hub, granted]);
    expect(await askManifest(session)).toMatchObject({ kind: "granted", rateLimitRemaining: 76 });
    expect(network.sent.map(({ method, authorization }) => `${method} ${authorization ?? "-"}`)).toEqual([
      "HEAD -",
      "GET -",
      "HEAD Bearer T",
      "GET Bearer T",
    ]);
  });

  test("a HEAD that stays 200 with nothing left is a limit, and no pull is wasted", async () => {
    const spent = { when: { auth: "bearer" }, reply: { status: 200, headers: { "ratelimit-remaining": "0;w=21600" } } };
    const { session, network } = sessionOf({ kind: "manifest", reference: image, as: anonymous }, [...hub, spent]);
    expect(await askManifest(session)).toMatchObject({ kind: "refused", meaning: "rate-limited" });
    expect(network.sent.filter(({ method, url }) => method === "GET" && url.includes("/manifests/"))).toEqual([]);
  });

  test("the last pulls are left to the node", async () => {
    const last = { when: { auth: "bearer" }, reply: { status: 200, headers: { "ratelimit-remaining": "1;w=21600" } } };
    const { session, network } = sessionOf({ kind: "manifest", reference: image, as: anonymous }, [...hub, last]);
    expect(await askManifest(session)).toMatchObject({ kind: "granted", rateLimitRemaining: 1 });
    expect(network.sent.filter(({ method, url }) => method === "GET" && url.includes("/manifests/"))).toEqual([]);
  });

  test("N2: an image without a host is asked at Docker Hub's own host, with Docker Hub's login at its token server only", async () => {
    const granted = { when: { auth: "bearer" }, reply: { status: 200, body: manifest } };
    const asked: Question = { kind: "manifest", reference: image, as: login("ci", "a-password-of-the-shop") };
    const { session, network } = sessionOf(asked, [...hub, granted]);
    await askManifest(session);
    expect([...new Set(network.sent.map(({ url }) => new URL(url).host))]).toEqual([
      "registry-1.docker.io",
      "auth.docker.io",
    ]);
    expect(
      network.sent.filter(({ form }) => form?.["password"] !== undefined).map(({ url }) => new URL(url).host),
    ).toEqual(["auth.docker.io"]);
  });
});

describe("pages of tags", () => {
  test.each([
    '<https://evil.test/v2/shop/web/tags/list>; rel="next"',
    '<http://registry.shop.test/v2/shop/web/tags/list>; rel="next"',
    '<https://registry.shop.test:8443/v2/shop/web/tags/list>; rel="next"',
  ])("R10: %s leaves the registry's origin, and nobody follows", async (link) => {
    const page: ServerRule = { when: {}, reply: { status: 200, headers: { Link: link }, body: '{"tags":["v1"]}' } };
    const reference = imageAt("registry.shop.test/shop/web:v9");
    const { session, network } = sessionOf({ kind: "tags", reference, as: anonymous }, [page]);
    expect(await askTags(session)).toMatchObject({ kind: "tags", tags: ["v1"], complete: false });
    expect(network.sent).toHaveLength(1);
  });
});

describe("registries that want to be asked with care", () => {
  test("S7: ECR Public is asked no more than once a second", async () => {
    const reference = imageAt("public.ecr.aws/nginx/nginx:latest");
    const memory = new Memory();
    const { session, network } = sessionOf({ kind: "manifest", reference, as: anonymous }, [], memory);
    const before = performance.now();
    await askManifest(session);
    expect(network.sent.map(({ method }) => method)).toEqual(["HEAD", "GET"]);
    expect(performance.now() - before).toBeGreaterThan(900);
  });

  test("S7: its token server is the same host, and is asked in the same measure; one elsewhere is not held back", async () => {
    const reference = imageAt("public.ecr.aws/nginx/nginx:latest");
    const took = async (realm: string): Promise<number> => {
      const rules: readonly ServerRule[] = [
        { when: { path: "/token" }, reply: { status: 200, body: '{"token":"T"}' } },
        { when: { auth: "none" }, reply: { status: 401, headers: { "WWW-Authenticate": `Bearer realm="${realm}"` } } },
      ];
      const { session } = sessionOf({ kind: "repository", reference, as: anonymous }, rules);
      const before = performance.now();
      await askRepository(session);
      return performance.now() - before;
    };
    // The manifest without a token, the token, and the manifest with it.
    const [here, elsewhere] = await Promise.all(
      ["public.ecr.aws", "tokens.aws"].map((at) => took(`https://${at}/token`)),
    );
    expect(here).toBeGreaterThan(1_900);
    expect(elsewhere).toBeLessThan(1_900);
  });

  test("a pause that does not fit into the time is not waited for, and is nobody's fault", async () => {
    const reference = imageAt("public.ecr.aws/nginx/nginx:latest");
    const memory = new Memory();
    const { session } = sessionOf({ kind: "manifest", reference, as: anonymous }, [], memory);
    memory.lastRequest.set("https://public.ecr.aws", performance.now() + 60_000);
    const why = "no time was left for the pauses that public.ecr.aws wants between requests";
    expect(await askManifest(session)).toEqual({ kind: "unasked", why });
    expect(session.ladder).toEqual([{ step: "manifest", outcome: "skipped", host: "public.ecr.aws", detail: why }]);
    // The next question has time of its own.
    memory.lastRequest.clear();
    const next = sessionOf({ kind: "manifest", reference, as: anonymous }, [], memory);
    expect(await askManifest(next.session)).toMatchObject({ kind: "refused" });
  });

  test("where POST is known to be refused, the login is sent once, by GET", async () => {
    const rules: readonly ServerRule[] = [
      { when: { path: "/v2/auth" }, reply: { status: 200, body: '{"token":"T"}' } },
      { when: { auth: "bearer" }, reply: { status: 200, body: manifest } },
      {
        when: {},
        reply: {
          status: 401,
          headers: { "WWW-Authenticate": 'Bearer realm="https://quay.io/v2/auth",service="quay.io"' },
        },
      },
    ];
    const asked: Question = {
      kind: "manifest",
      reference: imageAt("quay.io/shop/web:1"),
      as: login("shop+bot", "a-robot-token"),
    };
    const { session, network } = sessionOf(asked, rules);
    expect((await askManifest(session)).kind).toBe("granted");
    expect(network.sent.filter(({ method }) => method === "POST")).toEqual([]);
  });

  test("a token server that said 429 is not asked again", async () => {
    const rules: readonly ServerRule[] = [
      { when: { host: "auth.docker.io" }, reply: { status: 429, headers: { "Retry-After": 60 } } },
      ...hub,
    ];
    const memory = new Memory();
    const first = sessionOf(
      { kind: "manifest", reference: image, as: login("ci", "a-password-of-the-shop") },
      rules,
      memory,
    );
    expect(await askManifest(first.session)).toMatchObject({ kind: "refused", step: "token", meaning: "rate-limited" });
    const second = sessionOf({ kind: "tags", reference: image, as: anonymous }, rules, memory);
    expect((await askTags(second.session)).kind).toBe("unasked");
    expect(second.network.sent.filter(({ url }) => url.includes("auth.docker.io"))).toEqual([]);
  });
});
