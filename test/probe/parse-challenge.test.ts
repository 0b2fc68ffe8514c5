import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { chooseChallenge, parseChallenges, readChallenges } from "../../src/probe/parse-challenge.ts";
import { vectors } from "./support/vectors.ts";

interface ParseVector {
  readonly headers: readonly string[];
  readonly expect: readonly { readonly scheme: string; readonly params: Readonly<Record<string, string>> }[];
}

interface ChoiceVector {
  readonly headers: readonly string[];
  readonly username: string;
  readonly secret: string;
  readonly expect: { readonly scheme: string | null; readonly error: string | null };
}

describe("challenges as containerd reads them", () => {
  test.each(vectors<ParseVector>("challenge_parse"))("$id: $name", ({ headers, expect: wanted }) => {
    const read = parseChallenges(headers).map(({ scheme, parameters }) => ({
      scheme,
      params: Object.fromEntries(parameters),
    }));
    expect(read).toEqual(wanted);
  });

  test.each(vectors<ChoiceVector>("containerd_choice"))(
    "$id: $name",
    ({ headers, username, secret, expect: wanted }) => {
      const choice = chooseChallenge(parseChallenges(headers), { username: username !== "", password: secret !== "" });
      if (wanted.scheme === null) expect(choice).toEqual({ kind: "none", why: "no-challenge" });
      else if (wanted.error === null) expect(choice.kind).toBe(wanted.scheme);
      else if (wanted.error.startsWith("no basic"))
        expect(choice).toEqual({ kind: "none", why: "no-basic-credentials" });
      else if (wanted.error.startsWith("no realm")) expect(choice).toEqual({ kind: "none", why: "no-realm" });
      else expect(choice).toEqual({ kind: "none", why: "bad-realm" });
    },
  );
});

test("a realm without quotes is read to its comma, and nothing else is read in another way", () => {
  const [ibm] = readChallenges([
    "Bearer realm=https://cp.icr.io/oauth/token, service=registry, scope=repository:cp/x:pull",
  ]);
  expect(Object.fromEntries(ibm?.parameters ?? [])).toEqual({
    realm: "https://cp.icr.io/oauth/token",
    service: "registry",
    scope: "repository:cp/x:pull",
  });
  for (const { headers } of vectors<ParseVector>("challenge_parse")) {
    const plain = parseChallenges(headers);
    if (plain.some(({ parameters }) => /^https?$/i.test(parameters.get("realm") ?? ""))) continue;
    expect(readChallenges(headers)).toEqual(plain);
  }
});

describe("hostile challenges", () => {
  test("P1: a line of more than 16 kB is not read", () => {
    expect(parseChallenges([`Bearer realm="${"x".repeat(16_384)}"`])).toEqual([]);
  });

  test("P4: parameters may be called like parts of an object", () => {
    const [challenge] = parseChallenges(['Bearer __proto__="polluted",constructor="x",realm="https://t/token"']);
    expect(challenge?.parameters.get("__proto__")).toBe("polluted");
    expect(challenge?.parameters.get("toString")).toBeUndefined();
    expect(Object.hasOwn(Object.prototype, "polluted")).toBe(false);
  });

  test("anything may come, and nothing throws", () => {
    fc.assert(
      fc.property(fc.array(fc.string({ unit: "binary", maxLength: 200 }), { maxLength: 4 }), (lines) => {
        const challenges = parseChallenges(lines.map((line) => `Bearer ${line}`));
        expect(challenges.length).toBeLessThanOrEqual(lines.length);
      }),
    );
  });
});
