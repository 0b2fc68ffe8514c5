import { describe, expect, test } from "vitest";
import { maskUser } from "../../src/domain/credential.ts";

describe("maskUser", () => {
  for (const name of [
    "ci-bot",
    "robot$shop+ci",
    "_json_key",
    "$oauthtoken",
    "12345678|pull-bot",
    "gitlab+deploy-token-42",
    "00000000-0000-0000-0000-000000000000",
    "deployment-of-the-shop@example.com",
  ]) {
    test(`shows the account ${name}`, () => expect(maskUser(name)).toBe(name));
  }

  for (const token of [
    "ghp_0123456789abcdefghijklmnopqrstuvwxyz",
    "dop_v1_0123456789abcdef",
    "eyJhbGciOiJSUzI1NiJ9.e30.c2ln",
    "glpat-abc",
    "0123456789abcdef0123456789abcdef",
    "two words",
    "a\nb",
    "x".repeat(500),
  ]) {
    test(`hides ${JSON.stringify(token).slice(0, 20)}`, () => {
      const shown = maskUser(token);
      expect(shown.length).toBeLessThanOrEqual(4);
      expect(shown.endsWith("…")).toBe(true);
      expect(shown).not.toMatch(/\s/);
    });
  }

  test("says that there is none", () => expect(maskUser("")).toBe("(empty)"));
});
