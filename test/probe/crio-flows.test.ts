import { describe, expect, test } from "vitest";
import { anonymous, type Identity, type Probe } from "../../src/domain/probe.ts";
import { askWith, login, question } from "./support/asking.ts";
import { type Answers, type Reply, type Seen, smallImage, startOddServer } from "./support/odd-server.ts";

/** CRI-O's way to a manifest, where it is another than containerd's. */

const host = "registry.shop.test";
const ci = login("ci", "a-password-of-the-shop");
const basic: Reply = { status: 401, headers: { "www-authenticate": 'Basic realm="shop"' } };

async function asked(
  answers: Answers,
  as: Identity,
  name: "cri-o" | "containerd" = "cri-o",
): Promise<{ readonly answer: Probe["answer"] | undefined; readonly seen: readonly Seen[] }> {
  await using server = await startOddServer([host], answers);
  const runtime = { name, version: name === "cri-o" ? "1.31.0" : "2.1.0" };
  const [probe] = await askWith(server.settings, question(`${host}:${server.port}/shop/web:v1`, as, { runtime }));
  return { answer: probe?.answer, seen: server.seen };
}

/** A registry with this answer to `/v2/`, and this one to a manifest without a login. */
const answering =
  (ping: Reply, manifest: Reply): Answers =>
  ({ path, headers }) =>
    path === "/v2/" ? ping : headers.authorization === undefined ? manifest : smallImage;

describe("CRI-O goes by what /v2/ asks for", () => {
  test("a registry that hides images from nobody in particular gives them to its login, as it does not for containerd", async () => {
    for (const manifest of [{ status: 404 }, { status: 403 }]) {
      const registry = answering(basic, manifest);
      expect((await asked(registry, ci)).answer?.kind).toBe("granted");
      expect((await asked(registry, ci, "containerd")).answer?.kind).toBe("refused");
    }
  });

  test("where nothing is asked for there, no login is sent, whatever the manifest's answer wants", async () => {
    const { answer, seen } = await asked(answering({ body: {} }, basic), ci);
    expect(answer).toMatchObject({ kind: "refused", meaning: "login-wanted", noWayIn: true });
    expect(answer).toMatchObject({ words: { message: expect.stringContaining("/v2/, by which CRI-O goes") } });
    expect(seen.filter(({ headers }) => headers.authorization !== undefined)).toEqual([]);
    expect((await asked(answering({ body: {} }, basic), ci, "containerd")).answer?.kind).toBe("granted");
  });

  test("it asks by GET alone, once for each thing", async () => {
    const { seen } = await asked(answering(basic, basic), ci);
    expect(seen.map(({ method, path }) => `${method} ${path}`)).toEqual(["GET /v2/", "GET /v2/shop/web/manifests/v1"]);
  });

  test("without a login it asks as nobody, and a login that is wanted is missing", async () => {
    const { answer } = await asked(answering(basic, basic), anonymous);
    expect(answer).toMatchObject({ kind: "refused", meaning: "login-wanted" });
    expect(answer).not.toHaveProperty("noWayIn");
  });

  test("a token is asked for before the manifest", async () => {
    const { answer, seen } = await asked(({ path, headers }) => {
      const bearer = { status: 401, headers: { "www-authenticate": 'Bearer realm="/token",service="shop"' } };
      if (path.startsWith("/token")) return { body: { token: "T" } };
      return headers.authorization === "Bearer T" ? smallImage : bearer;
    }, ci);
    expect(answer?.kind).toBe("granted");
    expect(seen.map(({ path }) => path.split("?")[0])).toEqual(["/v2/", "/token", "/v2/shop/web/manifests/v1"]);
  });
});

describe("a /v2/ that answers neither 200 nor 401 ends CRI-O's pull", () => {
  test.each([
    [403, "unclear"],
    [429, "rate-limited"],
    [503, "registry-fault"],
  ])("%d: %s, and nothing of the image or of a login", async (status, meaning) => {
    const { answer, seen } = await asked(answering({ status }, smallImage), ci);
    expect(answer).toMatchObject({
      kind: "refused",
      meaning,
      words: { status, message: expect.stringContaining("that is for /v2/") },
    });
    expect(seen.map(({ path }) => path)).toEqual(["/v2/"]);
    expect((await asked(answering({ status }, smallImage), ci, "containerd")).answer?.kind).toBe("granted");
  });
});

describe("what has no /v2/", () => {
  test("is no registry where nothing else of one is there, either", async () => {
    expect((await asked(() => ({ status: 404 }), ci)).answer).toMatchObject({ meaning: "not-a-registry" });
  });

  test.each([
    ["gives the image", smallImage],
    ["wants a login for it", basic],
    ["knows that it is not there", { status: 404, body: { errors: [{ code: "MANIFEST_UNKNOWN" }] } }],
  ])("gives CRI-O nothing, though it %s", async (_name, manifest) => {
    const { answer, seen } = await asked(answering({ status: 404 }, manifest), ci);
    expect(answer).toMatchObject({
      kind: "refused",
      meaning: "unclear",
      words: { status: 404, message: expect.stringContaining("that is for /v2/") },
    });
    expect(seen.filter(({ headers }) => headers.authorization !== undefined)).toEqual([]);
  });
});
