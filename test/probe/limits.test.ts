import { randomBytes } from "node:crypto";
import { createServer } from "node:net";
import { gzipSync } from "node:zlib";
import { describe, expect, test } from "vitest";
import { nextLink } from "../../src/probe/link-header.ts";
import { readRetryAfter } from "../../src/probe/read-answer.ts";
import { readBody } from "../../src/probe/read-body.ts";
import { askWith, question } from "./support/asking.ts";
import { caseOf, judgeAll } from "./support/judging.ts";
import { type Answers, smallImage, startOddServer } from "./support/odd-server.ts";

const names = ["registry.shop.test"];

async function askOdd(answers: Answers, more: Record<string, unknown> = {}) {
  await using server = await startOddServer(names, answers);
  const [probe] = await askWith(
    { ...server.settings, ...more },
    question(`registry.shop.test:${server.port}/shop/web:v1`),
  );
  return { answer: probe?.answer, seen: server.seen };
}

describe("sizes", () => {
  test("S1: an endless error body is cut, and memory does not grow", async () => {
    const before = process.memoryUsage().rss;
    let taken = 0;
    const { answer } = await askOdd(({ method }, response) => {
      response.writeHead(403, { "content-type": "text/plain" });
      if (method === "HEAD") return void response.end();
      // Each piece is sent when the one before it has left: what is counted was taken, by the reader or by the system's own buffers.
      const more = (): void => {
        taken += 16_384;
        if (!response.destroyed) response.write(Buffer.alloc(16_384, "x"), () => setImmediate(more));
      };
      more();
      return undefined;
    });
    expect(answer).toMatchObject({ kind: "refused", words: { status: 403 } });
    expect(taken).toBeLessThan(2_000_000);
    expect(process.memoryUsage().rss - before).toBeLessThan(64 * 1_048_576);
  });

  test("S2: a manifest of more than 4 MiB is told as too large", async () => {
    const body = `{"schemaVersion":2,"config":{},"layers":[],"x":"${"y".repeat(4_500_000)}"}`;
    const { answer } = await askOdd(() => ({ ...smallImage, body }));
    expect(answer).toMatchObject({ kind: "granted", manifest: { kind: "unknown", problem: "too-large" } });
  });

  test("S3: one layer of gzip is opened within the limit, a bomb and a chain are not", () => {
    const response = (encoding: string, body: Buffer) => ({
      status: 200,
      headers: new Map([["content-encoding", encoding]]),
      body,
      cut: false,
    });
    expect(readBody(response("gzip", gzipSync("hello")), 100)?.toString()).toBe("hello");
    expect(readBody(response("gzip", gzipSync(Buffer.alloc(10_000_000))), 65_536)).toBeUndefined();
    expect(readBody(response("gzip, gzip", gzipSync(gzipSync("x"))), 100)).toBeUndefined();
    expect(readBody(response("br", randomBytes(10)), 100)).toBeUndefined();
    expect(readBody(response("gzip", randomBytes(10)), 100)).toBeUndefined();
  });

  test("S3: identity is asked for", async () => {
    const { seen } = await askOdd(() => smallImage);
    expect(seen.every(({ headers }) => headers["accept-encoding"] === "identity")).toBe(true);
  });

  test("S10: headers without end are a bad response", async () => {
    const { answer } = await askOdd(() => ({ headers: { "x-long": "y".repeat(40_000) } }));
    expect(answer).toMatchObject({ kind: "unreachable", step: "manifest", fault: "bad-response" });
  });
});

describe("waits", () => {
  test("S4: a server that takes the request and says nothing is a response time-out", async () => {
    const before = performance.now();
    const { answer } = await askOdd(() => undefined, { timeout: 500 });
    expect(answer).toMatchObject({ kind: "unreachable", step: "manifest", fault: "response-timeout" });
    expect(performance.now() - before).toBeLessThan(1_500);
  });

  test("S4: a byte now and then does not hold anybody up", async () => {
    const before = performance.now();
    const { answer } = await askOdd(
      ({ method }, response) => {
        response.writeHead(200, { "content-type": "application/json" });
        if (method === "HEAD") return void response.end();
        const drip = setInterval(() => response.write(" "), 50);
        response.on("close", () => clearInterval(drip));
        return undefined;
      },
      { timeout: 600 },
    );
    expect(answer).toMatchObject({ kind: "unreachable", fault: "response-timeout" });
    expect(performance.now() - before).toBeLessThan(1_500);
  });

  test("S4: a run has an end of its own: what was asked by then is kept, and the rest is said to be unasked", async () => {
    await using server = await startOddServer(names, async () => {
      await new Promise((resolve) => setTimeout(resolve, 100));
      return smallImage;
    });
    const files = Array.from({ length: 20 }, (_, at) => caseOf(`registry.shop.test:${server.port}/shop/app-${at}:v1`));
    const before = performance.now();
    const judged = await judgeAll({ ...server.settings, total: 700 }, ...files);
    // All of it would take 6 s.
    expect(performance.now() - before).toBeLessThan(4_000);
    const kinds = judged.map(({ file }) => file.probes[0]?.answer.kind);
    expect(kinds[0]).toBe("granted");
    expect(kinds.at(-1)).toBe("unasked");
    expect(judged[0]?.file.gaps).toEqual([]);
    expect(judged.at(-1)?.file.gaps).toEqual([expect.objectContaining({ what: "registries" })]);
    expect(judged.at(-1)?.code).not.toMatch(/timeout|registry/);
  });

  test("S4: a question that the run's end meets on its way is let go, and blames nobody", async () => {
    const before = performance.now();
    const { answer } = await askOdd(() => undefined, { timeout: 10_000, total: 300 });
    expect(answer).toMatchObject({ kind: "unasked", timeUp: true });
    expect(performance.now() - before).toBeLessThan(5_000);
  });

  test.each([
    ["120", 120],
    ["0", 0],
    ["Wed, 25 Nov 2026 12:01:00 GMT", 60],
    ["Wed, 25 Nov 2020 12:01:00 GMT", 0],
    ["Fri, 31 Dec 9999 23:59:59 GMT", undefined],
    ["99999999999", undefined],
    ["-5", undefined],
    ["985.86µs", undefined],
    ["soon", undefined],
    ["NaN", undefined],
  ])("P9, S6: Retry-After %j is %s seconds", (text, wanted) => {
    expect(readRetryAfter(text, Date.parse("2026-11-25T12:00:00Z"))).toBe(wanted);
  });
});

describe("retries", () => {
  test("S6: a server in trouble is asked once more, by the GET that reads its words", async () => {
    let asked = 0;
    const { answer } = await askOdd(() => {
      asked += 1;
      return asked === 1 ? { status: 503 } : smallImage;
    });
    expect(answer?.kind).toBe("granted");
    const { answer: down, seen } = await askOdd(() => ({ status: 503, body: "no" }));
    expect(down).toMatchObject({ kind: "refused", meaning: "registry-fault", words: { status: 503 } });
    expect(seen).toHaveLength(2);
  });

  test("S6: 4xx is not asked again, but once for its words", async () => {
    const { seen } = await askOdd(() => ({ status: 404, body: { errors: [{ code: "MANIFEST_UNKNOWN" }] } }));
    expect(seen.map(({ method }) => method)).toEqual(["HEAD", "GET"]);
  });

  test("S8: a connection that breaks is made anew once", async () => {
    let broken = 0;
    const { answer } = await askOdd((_request, response) => {
      broken += 1;
      if (broken > 1) return smallImage;
      response.destroy();
      return undefined;
    });
    expect(answer?.kind).toBe("granted");
    const { answer: dead } = await askOdd((_request, response) => void response.destroy());
    expect(dead).toMatchObject({ kind: "unreachable", step: "manifest", fault: "connection-reset" });
  });

  test("S8: half a manifest is no manifest", async () => {
    const { answer } = await askOdd(({ method }, response) => {
      if (method === "HEAD") return smallImage;
      response.writeHead(200, { "content-length": "1000" });
      response.write('{"schemaVersion": 2, "config": {}');
      setTimeout(() => response.destroy(), 20);
      return undefined;
    });
    expect(answer).toMatchObject({ kind: "unreachable", fault: "connection-reset" });
  });
});

describe("oddities of HTTP", () => {
  test.each([
    ["HTTP/1.1 999 What\r\ncontent-length: 0\r\n\r\n", "refused"],
    ["HTTP/1.1 204 No Content\r\n\r\n", "refused"],
    ["HTTP/1.1 206 Partial\r\ncontent-length: 0\r\n\r\n", "refused"],
    ["HTTP/1.1 304 Not Modified\r\n\r\n", "refused"],
    ["HTTP/1.1 200 OK\r\ncontent-length: 1\r\ncontent-length: 2\r\n\r\nab", "unreachable"],
    [`${"HTTP/1.1 103 Early Hints\r\n\r\n".repeat(50)}HTTP/1.1 404 Not Found\r\ncontent-length: 0\r\n\r\n`, "refused"],
    ["not HTTP at all\r\n\r\n", "unreachable"],
    ["", "unreachable"],
  ])("S9: %.40j has a name, and the process lives", async (text, kind) => {
    const server = createServer((socket) => {
      socket.on("error", () => {});
      socket.once("data", () => socket.end(text));
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const address = server.address();
    const port = typeof address === "object" && address !== null ? address.port : 0;
    const host = `127.0.0.1:${port}`;
    const [probe] = await askWith(
      { timeout: 2_000, userAgent: "test", plainHttp: [host] },
      question(`${host}/shop/web:v1`),
    );
    server.close();
    expect(probe?.answer.kind).toBe(kind);
  });

  test("V3: a page that says 200 is not a registry", async () => {
    const { answer } = await askOdd(() => ({ headers: { "content-type": "text/html" }, body: "<html>Sign in</html>" }));
    expect(answer).toMatchObject({ kind: "refused", meaning: "not-a-registry" });
  });

  test("V6: what HEAD refuses and GET grants stays refused, as it is for the node", async () => {
    const { answer } = await askOdd(({ method }) => (method === "HEAD" ? { status: 403 } : smallImage));
    expect(answer).toMatchObject({ kind: "refused", words: { status: 403 } });
  });

  test("HEAD that is not allowed is asked by GET", async () => {
    const { answer } = await askOdd(({ method }) => (method === "HEAD" ? { status: 405 } : smallImage));
    expect(answer?.kind).toBe("granted");
  });
});

describe("links", () => {
  test.each([
    ['</v2/a?n=1>; rel="next"', "/v2/a?n=1"],
    ["</v2/a>; rel=next", "/v2/a"],
    ['<https://x.test/a,b;c>; title="a, b"; rel="last next"', "https://x.test/a,b;c"],
    ['</first>; rel="first", </second>; rel="next"', "/second"],
    ['</a>; rel="prev"', undefined],
    ["</a", undefined],
    ["", undefined],
    ['</a>; rel="nextish"', undefined],
  ])("P3: the next page of %j is %s", (header, wanted) => {
    expect(nextLink(header)).toBe(wanted);
  });

  test("P3: a header of more than 8 kB is not read", () => {
    expect(nextLink(`</a>; rel=next, ${"<>".repeat(5_000)}`)).toBeUndefined();
  });
});
