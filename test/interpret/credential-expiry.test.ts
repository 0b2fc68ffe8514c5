import { describe, expect, test } from "vitest";
import { ownWords } from "../../src/interpret/credential-expiry.ts";

function jwt(exp: string): string {
  const part = (text: string): string => Buffer.from(text).toString("base64url");
  return `${part('{"alg":"none"}')}.${part(`{"exp":${exp}}`)}.c2ln`;
}

function ecr(expiration: string): string {
  return Buffer.from(`{"payload":"x","datakey":"y","version":"2","expiration":${expiration}}`).toString("base64");
}

describe.each([
  ["a JSON web token", jwt],
  ["ECR's password", ecr],
])("the end of %s", (_what, made) => {
  test.each(["1e400", "-1", "0", "1.7e12", '"soon"', '"NaN"', "null", "[1700000000]", '{"a":1}', "1e-400", '""'])(
    "P9: %s is no time, and no date of another age",
    (written) => {
      expect(ownWords("ci", made(written)).expiresAt).toBeUndefined();
    },
  );

  test.each([
    ["1700000000", "2023-11-14T22:13:20Z"],
    ['"1700000000"', "2023-11-14T22:13:20Z"],
    ["1.7e9", "2023-11-14T22:13:20Z"],
    ["4102444800", "2100-01-01T00:00:00Z"],
  ])("P9: %s is %s", (written, time) => {
    expect(Date.parse(ownWords("ci", made(written)).expiresAt ?? "")).toBe(Date.parse(time));
  });
});
