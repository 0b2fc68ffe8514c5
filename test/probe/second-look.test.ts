import { describe, expect, test } from "vitest";
import type { CaseFile } from "../../src/domain/case-file.ts";
import { exampleNode, examplePod, said } from "../../src/knowledge/evidence/example-parts.ts";
import { login } from "./support/asking.ts";
import { caseOf, judge } from "./support/judging.ts";
import { type Answers, type Reply, smallImage, startOddServer } from "./support/odd-server.ts";

/** Refusals that are not what their status says, each as a whole run. */

const host = "registry.shop.test";
const ci = login("ci", "a-password-of-the-shop");
const planned: Partial<CaseFile> = { target: { ...examplePod, containerKind: "planned" } };
const cut: Partial<CaseFile> = { symptoms: [said("cause-hidden")] };
const crio = { node: exampleNode(undefined, { name: "cri-o", version: "1.31.0" }) };

async function verdict(answers: Answers, parts: Partial<CaseFile> = planned, logins = [ci].slice(1)) {
  await using server = await startOddServer([host, "other.test"], answers);
  const judged = await judge(server.settings, caseOf(`${host}:${server.port}/shop/web:v1`, logins, parts));
  return { ...judged, verdict: `${judged.code} ${judged.certainty}`.trim(), seen: server.seen };
}

describe("what HEAD is refused, and GET is given", () => {
  const apart =
    (refusal: Reply): Answers =>
    ({ method, path }) =>
      path.includes("/manifests/") ? (method === "HEAD" ? refusal : smallImage) : { body: { tags: ["v1", "v2"] } };

  test.each([400, 401, 403, 404, 500, 501])("%d is no missing tag, no missing login and no gift", async (status) => {
    for (const [parts, logins] of [
      [planned, []],
      [cut, []],
      [cut, [ci]],
    ] as const) {
      const judged = await verdict(apart({ status }), parts, [...logins]);
      expect(judged.verdict).toBe("unknown possible");
      expect(JSON.stringify(judged.diagnosis?.evidence)).toContain("that is for HEAD; GET is given the manifest");
    }
  });

  test("CRI-O asks by GET, and is given it", async () => {
    const { file } = await verdict(apart({ status: 404 }), { ...cut, ...crio });
    expect(file.probes[0]?.answer.kind).toBe("granted");
  });

  test("a manifest that only GET is given under a foreign type is none for CRI-O; containerd goes by HEAD", async () => {
    const octets: Reply = { ...smallImage, headers: { "content-type": "application/octet-stream" } };
    const byGetAlone: Answers = ({ method }) => (method === "HEAD" ? smallImage : octets);
    expect((await verdict(byGetAlone, cut)).code).toBe("answers-now");
    expect((await verdict(byGetAlone, { ...cut, ...crio })).verdict).toBe("manifest-invalid certain");
    expect((await verdict(() => octets, cut)).verdict).toBe("manifest-invalid certain");
  });

  test("a page that GET is given is no manifest", async () => {
    const page: Reply = { headers: { "content-type": "text/html" }, body: "<html>Sign in</html>" };
    const judged = await verdict(({ method }) => (method === "HEAD" ? { status: 404 } : page));
    expect(judged.code).toBe("not-a-registry-endpoint");
  });
});

describe("a 401 that no login can answer", () => {
  test.each([
    ["no challenge", {}],
    ["a scheme that no runtime knows", { "www-authenticate": "Negotiate" }],
    ["Digest", { "www-authenticate": 'Digest realm="x", nonce="y"' }],
  ])("%s: that a login is missing, or wrong, is not said for sure", async (_name, headers) => {
    const answers: Answers = () => ({ status: 401, headers, body: { errors: [{ code: "UNAUTHORIZED" }] } });
    const without = await verdict(answers);
    expect(without.verdict).toBe("credentials-missing possible");
    expect(JSON.stringify(without.diagnosis?.evidence)).toContain("no way to log in");
    const withLogin = await verdict(answers, cut, [ci]);
    expect(withLogin.verdict).toBe("unknown possible");
    expect(withLogin.seen.filter(({ headers: sent }) => sent.authorization !== undefined)).toEqual([]);
  });

  test("of another place, where the registry sends to and no login was sent", async () => {
    const answers: Answers = ({ host: at, path, headers }) =>
      at === host
        ? { status: 307, headers: { location: `https://other.test:${headers.host?.split(":")[1]}${path}` } }
        : { status: 401, headers: { "www-authenticate": 'Basic realm="x"' } };
    const without = await verdict(answers);
    expect(without.verdict).toBe("credentials-missing possible");
    expect(JSON.stringify(without.diagnosis?.evidence)).toMatch(
      /that is other\.test:\d+, where the registry sends to without a login/,
    );
    const withLogin = await verdict(answers, cut, [ci]);
    expect(withLogin.verdict).toBe("unknown possible");
    expect(withLogin.seen.filter(({ headers: sent }) => sent.authorization !== undefined)).toEqual([]);
  });

  test("a token server without a place", async () => {
    const answers: Answers = () => ({ status: 401, headers: { "www-authenticate": 'Bearer service="x"' } });
    expect((await verdict(answers)).verdict).toBe("not-a-registry-endpoint likely");
  });

  test("CRI-O goes by what /v2/ asks for", async () => {
    const basic = { "www-authenticate": 'Basic realm="x"' };
    const answers: Answers = ({ path, headers }) => {
      if (headers.authorization !== undefined) return smallImage;
      return { status: 401, headers: path === "/v2/" ? basic : {} };
    };
    const { file } = await verdict(answers, { ...cut, ...crio }, [ci]);
    expect(file.probes.find(({ question }) => question.as.kind === "login")?.answer.kind).toBe("granted");
  });
});

test("a 403 of a registry that asks for no login says nothing of the login, and that is told", async () => {
  const answers: Answers = ({ headers }) =>
    headers.authorization === undefined ? { status: 403, body: { errors: [{ code: "DENIED" }] } } : smallImage;
  const judged = await verdict(answers, cut, [ci]);
  expect(judged.verdict).toBe("access-denied-or-missing likely");
  expect(JSON.stringify(judged.diagnosis?.evidence)).toContain("it asks for no login, so none was sent");
});

describe("a bare 404", () => {
  const bodies: readonly (readonly [string, Reply])[] = [
    ["a router's text", { headers: { "content-type": "text/plain" }, body: "404 page not found\n" }],
    ["a gateway's JSON", { body: { message: "no Route matched with those values" } }],
    ["nothing", {}],
  ];

  test.each(bodies)("%s, whatever is asked, comes from no registry", async (_name, reply) => {
    const { verdict: said, seen } = await verdict(() => ({ ...reply, status: 404 }));
    expect(said).toBe("not-a-registry-endpoint likely");
    expect(seen.map(({ path }) => path)).toContain("/v2/");
  });

  test.each(bodies)("%s, of something that knows /v2/, is a registry's", async (_name, reply) => {
    const answers: Answers = ({ path }) => (path === "/v2/" ? { body: {} } : { ...reply, status: 404 });
    expect((await verdict(answers)).verdict).toBe("repository-not-found certain");
  });

  test.each(bodies)("%s, of something that lists tags, is a registry's", async (_name, reply) => {
    const answers: Answers = ({ path }) =>
      path.includes("/tags/list") ? { body: { tags: ["v2"] } } : { ...reply, status: 404 };
    expect((await verdict(answers)).verdict).toBe("manifest-not-found certain");
  });

  test("whoever answers in a registry's words is not asked who it is", async () => {
    const answers: Answers = () => ({ status: 404, body: { errors: [{ code: "NAME_UNKNOWN" }] } });
    const { verdict: said, seen } = await verdict(answers);
    expect(said).toBe("repository-not-found certain");
    expect(seen.map(({ path }) => path)).not.toContain("/v2/");
  });
});
