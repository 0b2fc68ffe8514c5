import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { readTokenAnswer } from "../../src/probe/read-token.ts";
import { vectors } from "./support/vectors.ts";

interface Wanted {
  readonly error: string | null;
  readonly token?: string;
  readonly lifetime_s?: number | null;
}

interface TokenVector {
  readonly body: string;
  readonly expect: { readonly containerd_get: Wanted; readonly containerd_post: Wanted };
}

function wantedAnswer({ error, token, lifetime_s }: Wanted): object {
  if (error === null) return { kind: "token", token, lifetime: lifetime_s ?? undefined };
  return { kind: "problem", problem: error.startsWith("unable to decode") ? "not-json" : "no-token" };
}

describe("token answers as containerd reads them", () => {
  test.each(vectors<TokenVector>("token_response"))(
    "$id: $name, after GET and after POST",
    ({ body, expect: wanted }) => {
      expect(readTokenAnswer(body, "GET")).toEqual(wantedAnswer(wanted.containerd_get));
      expect(readTokenAnswer(body, "POST")).toEqual(wantedAnswer(wanted.containerd_post));
    },
  );

  test.each([
    ["-1", undefined],
    ["0", undefined],
    ["null", undefined],
    ["1", 1],
    ["999999999999", 86_400],
  ])("T7: a lifetime of %s is taken for %s seconds", (seconds, lifetime) => {
    const read = readTokenAnswer(`{"token":"T","expires_in":${seconds}}`, "GET");
    expect(read).toEqual({ kind: "token", token: "T", lifetime });
  });

  test.each(["1e400", "1.5", '"300"', "[]"])(
    "T7: a lifetime of %s is no number of seconds, and spoils the answer",
    (seconds) => {
      const read = readTokenAnswer(`{"token":"T","expires_in":${seconds}}`, "GET");
      expect(read).toEqual({ kind: "problem", problem: "not-json" });
    },
  );

  test("T8: an access_token wins over a token, whatever else there is", () => {
    expect(readTokenAnswer('{"token":"A","access_token":"B"}', "GET")).toMatchObject({ token: "B" });
    expect(readTokenAnswer('{"token":"A","access_token":null}', "GET")).toMatchObject({ token: "A" });
    expect(readTokenAnswer('{"token":7}', "GET")).toEqual({ kind: "problem", problem: "not-json" });
  });

  test("P4: keys of an object's own kind are data", () => {
    expect(readTokenAnswer('{"__proto__":{"token":"T"}}', "GET")).toEqual({ kind: "problem", problem: "no-token" });
  });

  test("any text is read without a throw", () => {
    fc.assert(fc.property(fc.string({ unit: "binary" }), (body) => readTokenAnswer(body, "GET").kind.length > 0));
    expect(readTokenAnswer("[".repeat(60_000), "GET").kind).toBe("problem");
  });
});
