import { describe, expect, test } from "vitest";
import type { CaseFile } from "../../src/domain/case-file.ts";
import { exampleNode, examplePod, said } from "../../src/knowledge/evidence/example-parts.ts";
import { login } from "./support/asking.ts";
import { caseOf, judge } from "./support/judging.ts";
import { type Answers, type Reply, smallImage, startOddServer } from "./support/odd-server.ts";

/** Registries that are odd and within their rights, and what is none: each as a whole run, that must end in a right or a modest verdict. */

const host = "registry.shop.test";
const amd64 = { os: "linux", architecture: "amd64" };
const planned: Partial<CaseFile> = { target: { ...examplePod, containerKind: "planned" }, platforms: [amd64] };
const failing: Partial<CaseFile> = { symptoms: [said("cause-hidden")], platforms: [amd64], node: exampleNode() };

async function verdicts(answers: Answers): Promise<readonly string[]> {
  await using server = await startOddServer([host], answers);
  const image = `${host}:${server.port}/shop/web:v1`;
  const found: string[] = [];
  for (const parts of [planned, failing]) {
    const { code, certainty } = await judge(server.settings, caseOf(image, [], parts));
    found.push(`${code} ${certainty}`.trim());
  }
  return found;
}

const page: Reply = { headers: { "content-type": "text/html" }, body: "<!doctype html><p>Please sign in</p>" };
const digest = (letter: string): string => `sha256:${letter.repeat(64)}`;
const ociManifest = "application/vnd.oci.image.manifest.v1+json";
const ociIndex = "application/vnd.oci.image.index.v1+json";
const attestation = {
  mediaType: ociManifest,
  digest: digest("a"),
  platform: { os: "unknown", architecture: "unknown" },
  annotations: { "vnd.docker.reference.type": "attestation-manifest" },
};

function index(...manifests: readonly object[]): Reply {
  return { headers: { "content-type": ociIndex }, body: { schemaVersion: 2, mediaType: ociIndex, manifests } };
}

function artifact(config: string, layer: string, more: object = {}): Reply {
  const layers = [{ mediaType: layer, digest: digest("b") }];
  const body = { schemaVersion: 2, config: { mediaType: config, digest: digest("c") }, layers, ...more };
  return { headers: { "content-type": ociManifest }, body };
}

describe("the same reply, whatever is asked", () => {
  test.each<[string, Reply, planned: string, failing: string]>([
    ["a sign-in page with 200", page, "not-a-registry-endpoint likely", "not-a-registry-endpoint likely"],
    ["one with 202", { ...page, status: 202 }, "not-a-registry-endpoint likely", "not-a-registry-endpoint likely"],
    ["one with 401", { ...page, status: 401 }, "not-a-registry-endpoint likely", "not-a-registry-endpoint likely"],
    ["one with 403", { ...page, status: 403 }, "not-a-registry-endpoint likely", "not-a-registry-endpoint likely"],
    ["one with 404", { ...page, status: 404 }, "not-a-registry-endpoint likely", "not-a-registry-endpoint likely"],
    ["one with 429", { ...page, status: 429 }, "rate-limited likely", "rate-limited likely"],
    ["one with 503", { ...page, status: 503 }, "registry-server-error certain", "registry-server-error certain"],
    ["nothing at all", {}, "not-a-registry-endpoint likely", "not-a-registry-endpoint likely"],
    ["an empty object", { body: {} }, "not-a-registry-endpoint likely", "not-a-registry-endpoint likely"],
    [
      "an error with status 200",
      { body: { errors: [{ code: "MANIFEST_UNKNOWN" }] } },
      "not-a-registry-endpoint likely",
      "not-a-registry-endpoint likely",
    ],
    ["403 without a word", { status: 403 }, "unknown possible", "unknown possible"],
    ["403 of a gateway", { status: 403, body: { message: "Forbidden" } }, "unknown possible", "unknown possible"],
    ["410", { status: 410 }, "unknown possible", "unknown possible"],
    ["416", { status: 416 }, "unknown possible", "unknown possible"],
    ["418", { status: 418, body: "a teapot" }, "unknown possible", "unknown possible"],
    ["451", { status: 451 }, "geo-or-legal-block likely", "geo-or-legal-block likely"],
    ["an image under status 206", { ...smallImage, status: 206 }, "nothing", "answers-now certain"],
    [
      "a redirect to plain HTTP",
      { status: 307, headers: { location: `http://${host}/v2/` } },
      "cause-hidden possible",
      "cause-hidden possible",
    ],
    [
      "a Helm chart",
      artifact("application/vnd.cncf.helm.config.v1+json", "text/plain"),
      ...both("not-a-container-image"),
    ],
    [
      "an artifact with an empty config",
      artifact("application/vnd.oci.empty.v1+json", "text/plain", { artifactType: "application/vnd.shop.thing" }),
      ...both("not-a-container-image"),
    ],
    ["an index of nothing", index(), ...both("platform-mismatch")],
    ["an index of attestations alone", index(attestation), ...both("platform-mismatch")],
    [
      "an index of another platform and its attestation",
      index(attestation, {
        mediaType: ociManifest,
        digest: digest("d"),
        platform: { os: "linux", architecture: "arm64" },
      }),
      ...both("platform-mismatch"),
    ],
    [
      "an index without platforms",
      index({ mediaType: ociManifest, digest: digest("d") }),
      "nothing",
      "answers-now certain",
    ],
    [
      "schema 1",
      {
        headers: { "content-type": "application/vnd.docker.distribution.manifest.v1+prettyjws" },
        body: { schemaVersion: 1, fsLayers: [], history: [], signatures: [] },
      },
      "schema1-unsupported likely",
      "schema1-unsupported certain",
    ],
    [
      "an image as plain text",
      { ...smallImage, headers: { "content-type": "text/plain" } },
      ...both("manifest-invalid"),
    ],
  ])("%s", async (_name, reply, whenPlanned, whenFailing) => {
    expect(await verdicts(() => reply)).toEqual([whenPlanned, whenFailing]);
  });
});

function both(code: string): [string, string] {
  return [`${code} certain`, `${code} certain`];
}

describe("redirects", () => {
  test.each(["/real", "real", "./real", "?real"])("to %s, which is relative", async (location) => {
    const answers: Answers = ({ path }) =>
      path.includes("real") ? smallImage : { status: 307, headers: { location } };
    expect(await verdicts(answers)).toEqual(["nothing", "answers-now certain"]);
  });

  test("to a sign-in page are to no registry", async () => {
    const answers: Answers = ({ path }) =>
      path.startsWith("/login") ? page : { status: 302, headers: { location: "/login?next=there" } };
    expect(await verdicts(answers)).toEqual(["not-a-registry-endpoint likely", "not-a-registry-endpoint likely"]);
  });
});

describe("challenges and tokens", () => {
  const ci = login("ci", "a-password-of-the-shop");
  const basic = `Basic ${Buffer.from("ci:a-password-of-the-shop").toString("base64")}`;
  const realm = 'realm="https://registry.shop.test:PORT/token"';

  /** What a login gets of a registry that challenges with these lines and gives this token. */
  async function asked(challenge: string | readonly string[], token: object): Promise<string> {
    await using server = await startOddServer([host], ({ path, headers }) => {
      if (path.startsWith("/token")) return { body: token };
      if (headers.authorization === "Bearer T" || headers.authorization === basic) return smallImage;
      const port = headers.host?.split(":")[1] ?? "";
      const lines = [challenge].flat().map((line) => line.replace("PORT", port));
      return { status: 401, headers: { "www-authenticate": lines }, body: { errors: [{ code: "UNAUTHORIZED" }] } };
    });
    const file = caseOf(`${host}:${server.port}/shop/web:v1`, [ci], failing);
    const judged = await judge(server.settings, file);
    const way = judged.file.probes[0]?.ladder.some(({ step }) => step === "token") ? "by token" : "by password";
    return `${judged.code} ${way}`;
  }

  const token = { access_token: "T" };
  test.each<[string, string | readonly string[], object, string]>([
    [
      "Bearer and Basic in two lines",
      ['Basic realm="x"', `Bearer ${realm},service="s"`],
      token,
      "answers-now by token",
    ],
    ["Bearer and Basic in one line", `Bearer ${realm},service="s", Basic realm="x"`, token, "answers-now by token"],
    ["Basic and Bearer in one line", `Basic realm="x", Bearer ${realm},service="s"`, token, "answers-now by password"],
    ["quotes in quotes", `Bearer ${realm},service="a \\"shop\\", or so"`, token, "answers-now by token"],
    ["no service", `Bearer ${realm}`, token, "answers-now by token"],
    ["capitals", `BEARER ${realm.replace("realm", "REALM")},SERVICE="s"`, token, "answers-now by token"],
    ["a life of 0 seconds", `Bearer ${realm}`, { access_token: "T", expires_in: 0 }, "answers-now by token"],
    ["two tokens", `Bearer ${realm}`, { access_token: "T", token: "U" }, "answers-now by token"],
    ["an empty token", `Bearer ${realm}`, { access_token: "", token: "" }, "auth-server-error by token"],
    ["no token", `Bearer ${realm}`, {}, "auth-server-error by token"],
  ])("%s", async (_name, challenge, given, wanted) => {
    expect(await asked(challenge, given)).toBe(wanted);
  });
});
