import { createServer, type Server, type Socket } from "node:net";
import { describe, expect, test } from "vitest";
import { isTransient } from "../../src/probe/classify-fault.ts";
import { askWith, lookupIn, question } from "./support/asking.ts";
import { vectors } from "./support/vectors.ts";

/** The codes that Node and undici give what the vectors name as Go does. */
const codes: readonly (readonly [RegExp, string | undefined])[] = [
  [/EOF|reset|broken pipe/i, "UND_ERR_SOCKET"],
  [/refused/i, "ECONNREFUSED"],
  [/no such host|dns/i, "ENOTFOUND"],
  [/deadline|canceled|cancelled/i, undefined],
  [/timeout/i, "UND_ERR_HEADERS_TIMEOUT"],
  [/./, "EUNKNOWN"],
  [/^$/, undefined],
];

function codeFor(error: string): string | undefined {
  return codes.find(([pattern]) => pattern.test(error))?.[1];
}

describe("what is tried once more", () => {
  test.each(vectors<{ error: string; expect: boolean }>("transient_transport_error"))(
    "$id: $name",
    ({ error, expect: wanted }) => {
      const code = codeFor(error);
      // containerd waits a second time for what did not come in time; the question has one time limit for all its tries.
      expect(isTransient(code)).toBe(wanted && code !== "UND_ERR_HEADERS_TIMEOUT");
    },
  );

  interface RetryVector {
    readonly results: readonly (string | null)[];
    readonly attempts: number;
    readonly last_host: boolean;
    readonly expect: { readonly calls: number; readonly ok: boolean };
  }

  // Every place is asked as if it were the last, for what it says is shown. A time-out is played by hanging up: see above.
  test.each(vectors<RetryVector>("transport_retry").filter(({ last_host }) => last_host))(
    "$id: $name",
    async ({ results, expect: wanted }) => {
      await using server = await startCutting(results);
      const settings = {
        timeout: 3_000,
        userAgent: "test",
        plainHttp: ["cut.test"],
        lookup: lookupIn(new Map([["cut.test", "127.0.0.1"]])),
      };
      const [probe] = await askWith(settings, question(`cut.test:${server.port}/shop/web:v1`));
      expect(probe?.answer.kind === "refused").toBe(wanted.ok);
      if (!wanted.ok) expect(probe?.answer.kind).toBe("unreachable");
      // No more than once more is tried, however often the vectors' caller would.
      expect(server.calls()).toBe(Math.min(wanted.calls, 2));
    },
  );
});

/** Answers the HEAD of the first question by these results in turn: hangs up, or says 404; `refused` is a port where nobody listens. */
async function startCutting(results: readonly (string | null)[]) {
  let calls = 0;
  const sockets = new Set<Socket>();
  const server: Server = createServer((socket) => {
    sockets.add(socket);
    socket.on("error", () => {});
    socket.on("data", (data) => {
      if (!data.toString("latin1").startsWith("HEAD"))
        return socket.end("HTTP/1.1 404 Not Found\r\ncontent-length: 0\r\n\r\n");
      const result = results[calls] ?? null;
      calls += 1;
      return result === null ? socket.write("HTTP/1.1 404 Not Found\r\ncontent-length: 0\r\n\r\n") : socket.destroy();
    });
  });
  await new Promise<void>((resolve) => {
    server.listen(0, "127.0.0.1", resolve);
  });
  const address = server.address();
  const port = typeof address === "object" && address !== null ? address.port : 0;
  const close = () =>
    new Promise<void>((resolve) => {
      for (const socket of sockets) socket.destroy();
      server.close(() => resolve());
    });
  if (results[0] === "refused") await close();
  // Where nobody listens, the call is the connection that was refused.
  return { port, calls: () => (results[0] === "refused" ? 1 : calls), [Symbol.asyncDispose]: close };
}
