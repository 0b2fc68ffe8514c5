import { createHash } from "node:crypto";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Probe } from "../../src/domain/probe.ts";
import { openProber } from "../../src/probe/prober.ts";
import { askBy, login, lookupIn, question } from "../probe/support/asking.ts";
import { issue, sharedAuthority } from "../support/certificates.ts";
import { answer, type Handler } from "../support/registry-faults.ts";
import { type Listener, listen } from "../support/registry-listener.ts";
import { startBadNetwork } from "./bad-network.ts";

const host = "hostile.reg.test";
let certificate: Awaited<ReturnType<typeof issue>>;
let ca: string;
beforeAll(async () => {
  const authority = await sharedAuthority();
  ca = authority.cert;
  certificate = await issue({ authority, names: [host] });
});

const digestOf = (text: string) => `sha256:${createHash("sha256").update(text).digest("hex")}`;
const indexType = "application/vnd.oci.image.index.v1+json";
const imageType = "application/vnd.oci.image.manifest.v1+json";

async function askAt(
  port: number,
  options: { path?: string; timeout?: number; as?: ReturnType<typeof login> } = {},
): Promise<Probe & { took: number }> {
  const { path = "shop/web:v1", timeout = 3_000, as } = options;
  const prober = openProber({ timeout, userAgent: "test", ca: [ca], lookup: lookupIn(new Map([[host, "127.0.0.1"]])) });
  const from = performance.now();
  try {
    const asked = question(`${host}:${port}/${path}`, as, { platform: { os: "linux", architecture: "amd64" } });
    const [probe] = await askBy(prober, asked);
    if (probe === undefined) throw new Error("no probe came back");
    return { ...probe, took: performance.now() - from };
  } finally {
    await prober.close();
  }
}

async function askServer(handler: Handler, options?: Parameters<typeof askAt>[1]): Promise<Probe & { took: number }> {
  await using server = await listen(handler, { certificate });
  return await askAt(server.port, options);
}

describe("a network that fails anywhere", () => {
  const config = JSON.stringify({ os: "linux", architecture: "amd64", rootfs: { type: "layers", diff_ids: [] } });
  const manifest = JSON.stringify({
    schemaVersion: 2,
    mediaType: imageType,
    config: { mediaType: "application/vnd.oci.image.config.v1+json", digest: digestOf(config), size: config.length },
    layers: [],
  });
  const honest: Handler = (request, response) =>
    (request.url ?? "").includes("/blobs/")
      ? answer(response, 200, config, { "content-type": "application/octet-stream" })
      : answer(response, 200, manifest, { "content-type": imageType, "docker-content-digest": digestOf(manifest) });
  let server: Listener;
  let whole = 0;
  beforeAll(async () => {
    server = await listen(honest, { certificate });
    await using through = await startBadNetwork({ to: server, after: 1_000_000, ending: "end" });
    expect((await askAt(through.port)).answer.kind).toBe("granted");
    whole = through.passed;
    expect(whole).toBeGreaterThan(1_500);
  });
  afterAll(() => server.close());

  test.each(["reset", "end", "stall"] as const)(
    "S8, S4, L8: %s after any number of bytes, from the handshake to the last answer, is told as what it is, in time",
    async (ending) => {
      // Windows is slow with connections: there not every byte gets one.
      const step = { reset: process.platform === "win32" ? 13 : 1, end: 7, stall: 97 }[ending];
      const offsets = Array.from({ length: Math.ceil(whole / step) }, (_, at) => at * step);
      // What ends by itself is waited for, on a busy machine too; what stalls is not.
      const timeout = ending === "stall" ? 600 : 5_000;
      const kinds = new Set<string>();
      for (let from = 0; from < offsets.length; from += 12) {
        await Promise.all(
          offsets.slice(from, from + 12).map(async (after) => {
            await using through = await startBadNetwork({ to: server, after, ending });
            const { answer: said, took } = await askAt(through.port, { timeout });
            const where = `${ending} after ${after} of ${whole} bytes: ${JSON.stringify(said)}`;
            expect(took, where).toBeLessThan(timeout + 1_500);
            // The manifest may have been whole already; then only the configuration is missing.
            kinds.add(said.kind);
            expect(["unreachable", "granted"], where).toContain(said.kind);
            // No image is granted before the last record of the manifest's answer has begun to pass.
            if (said.kind === "granted") expect(after, where).toBeGreaterThan(whole / 2);
            if (said.kind === "unreachable") {
              expect(said.fault, where).toMatch(
                /^(connection-reset|response-timeout|tls-handshake-(timeout|failed)|bad-response)$/,
              );
            }
          }),
        );
      }
      expect(kinds).toContain("unreachable");
    },
    60_000,
  );
});

describe("manifests", () => {
  function indexesWithin(depth: number): Map<string, string> {
    const documents = new Map<string, string>();
    let inner = "";
    for (let level = 0; level < depth; level += 1) {
      const manifests =
        inner === ""
          ? []
          : [
              {
                mediaType: indexType,
                digest: digestOf(inner),
                size: inner.length,
                platform: { os: "linux", architecture: "amd64" },
              },
            ];
      inner = JSON.stringify({
        schemaVersion: 2,
        mediaType: indexType,
        manifests,
        annotations: { level: String(level) },
      });
      documents.set(digestOf(inner), inner);
    }
    documents.set("v1", inner);
    return documents;
  }

  test("D1: indexes within indexes end after a few requests", async () => {
    const documents = indexesWithin(40);
    let requests = 0;
    const { answer: said, took } = await askServer((request, response) => {
      requests += 1;
      const document = documents.get((request.url ?? "").split("/").at(-1) ?? "");
      return document === undefined
        ? answer(response, 404, {})
        : answer(response, 200, document, { "content-type": indexType, "docker-content-digest": digestOf(document) });
    });
    expect(requests).toBeLessThanOrEqual(12);
    expect(took).toBeLessThan(3_500);
    expect(said.kind).toBe("granted");
  });

  test("D1: an index that names itself, against its digest, is not followed round and round", async () => {
    const asked: string[] = [];
    const self = `sha256:${"a".repeat(64)}`;
    const document = JSON.stringify({
      schemaVersion: 2,
      mediaType: indexType,
      manifests: [{ mediaType: indexType, digest: self, size: 300, platform: { os: "linux", architecture: "amd64" } }],
    });
    const { answer: said, took } = await askServer((request, response) => {
      asked.push(`${request.method} ${(request.url ?? "").split("/").at(-1)}`);
      return answer(response, 200, document, { "content-type": indexType });
    });
    // What came for the digest does not have it, so it is not taken for the entry, and its own entries are not looked at.
    expect(asked).toEqual(["HEAD v1", "GET v1", `GET ${self}`]);
    expect(said).toMatchObject({ kind: "granted", manifest: { kind: "index" } });
    expect(took).toBeLessThan(3_500);
  });

  test("D1: of 20,000 entries a few are looked at", async () => {
    const entry = {
      mediaType: imageType,
      digest: `sha256:${"b".repeat(64)}`,
      size: 1,
      platform: { os: "plan9", architecture: "mips" },
    };
    const document = JSON.stringify({
      schemaVersion: 2,
      mediaType: indexType,
      manifests: Array.from({ length: 20_000 }, () => entry),
    });
    const { answer: said } = await askServer((_request, response) =>
      answer(response, 200, document, { "content-type": indexType, "docker-content-digest": digestOf(document) }),
    );
    expect(said.kind).toBe("granted");
    expect(JSON.stringify(said).length).toBeLessThan(100_000);
  });

  test("D2: a digest that the bytes do not have is not shown as the image's", async () => {
    const body = JSON.stringify({
      schemaVersion: 2,
      mediaType: imageType,
      config: { mediaType: "x", digest: digestOf("c"), size: 1 },
      layers: [],
    });
    const { answer: said } = await askServer((request, response) =>
      answer(response, (request.url ?? "").includes("/blobs/") ? 404 : 200, body, {
        "content-type": imageType,
        "docker-content-digest": digestOf("another"),
      }),
    );
    expect(JSON.stringify(said)).toContain(digestOf(body));
    expect(said).toMatchObject({ kind: "granted" });
  });

  test.each([
    "sha256:../../../etc/passwd",
    `sha256:${"A".repeat(64)}`,
    "md5:abc",
    "sha256:",
    `sha256:${"a".repeat(64)}/../../x`,
    "x".repeat(9_000),
  ])("D3: the digest %j of an entry is asked for nowhere", async (digest) => {
    const paths: string[] = [];
    const document = JSON.stringify({
      schemaVersion: 2,
      mediaType: indexType,
      manifests: [{ mediaType: imageType, digest, size: 10, platform: { os: "linux", architecture: "amd64" } }],
    });
    await askServer((request, response) => {
      paths.push(request.url ?? "");
      return answer(response, 200, document, { "content-type": indexType });
    });
    expect(paths.filter((each) => !/^\/v2\/(shop\/web\/manifests\/v1)?$/.test(each))).toEqual([]);
  });
});

describe("large answers", () => {
  const big = "x".repeat(1_048_576);

  test("S1, T8: a token of 1 MiB is no token", async () => {
    let tokens = 0;
    const { answer: said } = await askServer(
      (request, response) => {
        if ((request.url ?? "").startsWith("/token")) {
          tokens += 1;
          return answer(response, 200, { token: big, access_token: big });
        }
        return answer(
          response,
          401,
          {},
          { "www-authenticate": `Bearer realm="https://${request.headers.host}/token"` },
        );
      },
      { as: login("ci", "a-password") },
    );
    expect(said.kind).not.toBe("granted");
    expect(tokens).toBeLessThanOrEqual(3);
    // It is the token server's fault, not the registry's, which would answer 431 to a header of that size.
    expect(said).toMatchObject({ step: "token" });
    expect(JSON.stringify(said).length).toBeLessThan(10_000);
  });

  test.each([
    ["P1: a challenge of 64 KiB", { "www-authenticate": `Bearer realm="${"a".repeat(65_536)}"` }],
    ["S10: 10,000 headers", Object.fromEntries(Array.from({ length: 10_000 }, (_, at) => [`x-${at}`, "y"]))],
    ["S10: a header of 1 MiB", { "x-big": big }],
  ])("%s is a bad response, and its end is not waited for", async (_what, headers) => {
    const { answer: said, took } = await askServer((_request, response) => answer(response, 401, {}, headers));
    expect(said).toMatchObject({ kind: "unreachable", step: "manifest", fault: "bad-response" });
    expect(took).toBeLessThan(3_500);
    expect(JSON.stringify(said).length).toBeLessThan(10_000);
  });

  test("S9: interim answers without end do not hold anybody up", async () => {
    const { took, answer: said } = await askServer(
      (_request, response) => {
        const timer = setInterval(() => response.writeEarlyHints({ link: "</a>; rel=preload" }), 5);
        response.on("close", () => clearInterval(timer));
      },
      { timeout: 800 },
    );
    expect(took).toBeLessThan(2_500);
    expect(said.kind).toBe("unreachable");
  });

  test("S1, S2, S3: bodies without end leave memory as it was", async () => {
    const before = process.memoryUsage().arrayBuffers + process.memoryUsage().heapUsed;
    const chunk = Buffer.alloc(262_144, " ");
    for (const status of [200, 401, 500]) {
      await askServer(
        (request, response) => {
          response.writeHead(status, { "content-type": imageType });
          if (request.method === "HEAD") return void response.end();
          const pump = (): void => {
            while (!response.destroyed && response.write(chunk));
            if (!response.destroyed) response.once("drain", pump);
          };
          pump();
        },
        { timeout: 2_000 },
      );
    }
    const after = process.memoryUsage().arrayBuffers + process.memoryUsage().heapUsed;
    expect((after - before) / 1_048_576).toBeLessThan(64);
  });
});
