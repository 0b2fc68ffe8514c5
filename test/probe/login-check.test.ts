import { describe, expect, test } from "vitest";
import { anonymous } from "../../src/domain/probe.ts";
import { openProber } from "../../src/probe/prober.ts";
import { startTown } from "../support/registry-town.ts";
import { askBy, login, ownAddress, question, settingsFor } from "./support/asking.ts";
import { caseOf, judge, judgeAll, playHosts } from "./support/judging.ts";
import { type Answers, type Reply, type Seen, smallImage } from "./support/odd-server.ts";

const ci = login("ci-token", "a-password-of-the-shop");
const right = `Basic ${Buffer.from("ci-token:a-password-of-the-shop").toString("base64")}`;
const wrong = {
  errors: [{ code: "UNAUTHORIZED", message: "authentication failed, visit https://aka.ms/acr/authorization" }],
};
const unauthorized = { errors: [{ code: "UNAUTHORIZED", message: "authentication required" }] };

/** Azure's registry: the token server is the registry itself, refuses with 401 whatever is wrong, and gives only `access_token`. */
function azure(host: string, good: boolean, granted: readonly string[] = [], refusal: object = wrong): Answers {
  return ({ path, method, headers }): Reply => {
    const url = new URL(path, `https://${host}`);
    if (url.pathname === "/oauth2/token") {
      if (method === "POST") return { status: 400 };
      const name = /^repository:(.+):pull$/.exec(url.searchParams.get("scope") ?? "")?.[1];
      const known = good && headers.authorization === right;
      const may = known && (name === undefined || granted.includes(name));
      if (may) return { body: { access_token: `token-for-${name ?? "nothing"}` } };
      return { status: 401, body: headers.authorization === undefined ? unauthorized : refusal };
    }
    if (headers.authorization?.startsWith("Bearer token-for-")) return smallImage;
    const name = /^\/v2\/(.+)\/(?:manifests|tags|blobs)\//.exec(url.pathname)?.[1] ?? "";
    const challenge = `Bearer realm="https://${host}/oauth2/token",service="${host}",scope="repository:${name}:pull"`;
    return { status: 401, headers: { "www-authenticate": challenge }, body: unauthorized };
  };
}

function tokenRequests(seen: readonly Seen[]): readonly string[] {
  return seen
    .filter(({ path, headers }) => path.startsWith("/oauth2/token") && headers.authorization !== undefined)
    .map(({ path }) => new URL(path, "https://shop.azurecr.io").searchParams.get("scope") ?? "no scope");
}

const host = "shop.azurecr.io";

describe("a token server that refuses good logins like bad ones", () => {
  test("a good login without a right is not called wrong, for one request more", async () => {
    await using played = await playHosts([host], azure(host, true));
    const { code, certainty, file } = await judge(played.settings, caseOf(`${host}/shop/web:1`, [ci]));
    expect([code, certainty]).toEqual(["access-denied-or-missing", "certain"]);
    expect(tokenRequests(played.server.seen)).toEqual(["repository:shop/web:pull", "no scope"]);
    expect(file.probes.find(({ question }) => question.kind === "login")?.answer.kind).toBe("granted");
  });

  test("V1: where nobody gets another answer, a bad login is not surely wrong: the server may be in trouble", async () => {
    await using played = await playHosts([host], azure(host, false, [], unauthorized));
    const { code, certainty, diagnosis } = await judge(played.settings, caseOf(`${host}/shop/web:1`, [ci]));
    expect([code, certainty]).toEqual(["credentials-rejected", "likely"]);
    expect(diagnosis?.alternatives).toContain("auth-server-error");
  });

  test("a bad login is called wrong, and is sent no third time, whatever else is pulled", async () => {
    await using played = await playHosts([host], azure(host, false));
    const images = ["web", "api", "worker"].map((name) => caseOf(`${host}/shop/${name}:1`, [ci]));
    const judged = await judgeAll(played.settings, ...images);
    for (const { code, certainty } of judged) expect([code, certainty]).toEqual(["credentials-rejected", "certain"]);
    expect(tokenRequests(played.server.seen)).toEqual(["repository:shop/web:pull", "no scope"]);
  });

  test("T9: a refusal for one repository is no refusal for another", async () => {
    await using played = await playHosts([host], azure(host, true, ["shop/api"]));
    const images = ["web", "api"].map((name) => caseOf(`${host}/shop/${name}:1`, [ci]));
    const [web, api] = await judgeAll(played.settings, ...images);
    expect(web?.code).toBe("access-denied-or-missing");
    expect(api?.code).toBe("answers-now");
    expect(tokenRequests(played.server.seen)).toEqual([
      "repository:shop/web:pull",
      "no scope",
      "repository:shop/api:pull",
    ]);
  });

  test.each([
    ["a good login", "right-password", "access-denied-or-missing", 2],
    ["a bad login", "wrong-password", "credentials-rejected", 2],
  ])("a GitLab of one's own is known by its realm: %s", async (_name, password, wanted, sent) => {
    const forbidden = { errors: [{ code: "DENIED", message: "access forbidden" }] };
    await using town = await startTown(
      {
        "registry.git.test:5711": {
          images: [{ repository: "shop/web", tags: ["v1"] }],
          auth: {
            kind: "token",
            host: "git.test",
            port: 5712,
            path: "/jwt/auth",
            service: "container_registry",
            users: { ci: "right-password" },
            grants: { ci: [] },
            noPermission: 403,
            post: 404,
            refusal: { status: 403, body: forbidden },
          },
        },
      },
      ownAddress(2),
    );
    const settings = await settingsFor(town, { trustedRealms: ["git.test"] });
    const file = caseOf("registry.git.test:5711/shop/web:v1", [login("ci", password)]);
    const { code, certainty } = await judge(settings, file);
    expect([code, certainty]).toEqual([wanted, "certain"]);
    const logins = town.ledger.entries.filter(({ login: kind, method }) => kind === "basic" && method === "GET");
    expect(logins).toHaveLength(sent);
    expect(town.ledger.entries.filter(({ method }) => method === "POST")).toHaveLength(1);
  });
});

test("a token server that said 429 is not asked for the check", async () => {
  const harbor = "harbor.shop.test";
  await using played = await playHosts([harbor, "auth.shop.test"], ({ path, headers }) => {
    const url = new URL(path, `https://${harbor}`);
    if (url.pathname === "/service/token")
      return headers.authorization === undefined ? { status: 429 } : { body: { token: "nobody" } };
    const challenge = 'Bearer realm="https://auth.shop.test/service/token",service="harbor-registry"';
    return { status: 401, headers: { "www-authenticate": challenge }, body: unauthorized };
  });
  const prober = openProber(played.settings);
  const asked = question(`${harbor}/shop/web:1`, ci);
  const nobody = question(`${harbor}/shop/api:1`);
  await askBy(prober, asked, nobody);
  const [check] = await askBy(prober, { ...asked, kind: "login" });
  await prober.close();
  expect(check?.answer.kind).toBe("unasked");
  expect(played.server.seen.filter(({ path }) => path.startsWith("/service/token") && !path.includes("scope"))).toEqual(
    [],
  );
});

describe("everywhere else", () => {
  test("T9: a login that a token server has refused is not sent there again", async () => {
    await using played = await playHosts(["registry.shop.test"], azure("registry.shop.test", true));
    const images = ["web", "api"].map((name) => caseOf(`registry.shop.test/shop/${name}:1`, [ci]));
    await judgeAll(played.settings, ...images);
    expect(tokenRequests(played.server.seen)).toEqual(["repository:shop/web:pull"]);
  });

  test("T9: a login that may be wrong or without a right is not tried on another repository, and that is no verdict on it", async () => {
    const realm = "api.digitalocean.com";
    const registry = "registry.digitalocean.com";
    await using played = await playHosts([registry, realm], ({ path, host: asked, headers }) => {
      if (asked === realm) return headers.authorization === undefined ? { body: { token: "T" } } : { status: 401 };
      const name = /^\/v2\/(.+)\/manifests\//.exec(path)?.[1] ?? "";
      const challenge = `Bearer realm="https://${realm}/v2/registry/auth",service="${registry}",scope="repository:${name}:pull"`;
      return { status: 401, headers: { "www-authenticate": challenge }, body: unauthorized };
    });
    const images = ["web", "api"].map((name) => caseOf(`${registry}/shop/${name}:1`, [ci]));
    const [web, api] = await judgeAll(played.settings, ...images);
    expect(web?.code).toBe("unauthorized");
    expect(api?.file.probes[0]?.answer).toMatchObject({
      kind: "unasked",
      why: expect.stringContaining("another repository"),
    });
    expect(played.server.seen.filter(({ headers }) => headers.authorization?.startsWith("Basic "))).toHaveLength(1);
  });
});

test("nobody's refusal is no refusal of a login", async () => {
  await using played = await playHosts([host], azure(host, true, ["shop/web"]));
  const { code } = await judge(played.settings, caseOf(`${host}/shop/web:1`, [anonymous]));
  expect(code).toBe("credentials-missing");
});
