import { describe, expect, test } from "vitest";
import { type Challenge, chooseChallenge, parseChallenges } from "../../src/probe/parse-challenge.ts";
import {
  challengedScopes,
  isScope,
  parseScope,
  repositoryScope,
  scopeForRetry,
  tokenScopes,
} from "../../src/probe/token-scope.ts";
import { vectors } from "./support/vectors.ts";

describe("scopes", () => {
  // Nobody here pushes.
  const pulls = vectors<{ locator: string; push: boolean; expect: string }>("repository_scope").filter(
    ({ push }) => !push,
  );
  test.each(pulls)("$id: $name", ({ locator, expect: wanted }) => {
    expect(repositoryScope(locator.slice(locator.indexOf("/") + 1))).toBe(wanted);
  });

  test.each(vectors<{ context_scopes: string[]; challenge_scopes: string[]; expect: string[] }>("token_scopes"))(
    "$id: $name",
    ({ context_scopes, challenge_scopes, expect: wanted }) => {
      expect(tokenScopes(context_scopes, challenge_scopes)).toEqual(wanted);
    },
  );

  test.each(
    vectors<{ params: Record<string, string>; expect: { error: string | null; scopes?: string[] } }>(
      "containerd_token_options",
    ),
  )("$id: scopes of $name", ({ params, expect: wanted }) => {
    const challenge: Challenge = { scheme: "bearer", parameters: new Map(Object.entries(params)) };
    const choice = chooseChallenge([challenge], { username: true, password: true });
    if (wanted.error === null) expect(challengedScopes(challenge)).toEqual(wanted.scopes);
    expect(choice.kind === "bearer").toBe(wanted.error === null);
  });

  test.each(vectors<{ scope: string; expect: { grammar: boolean; containers_image: object | null } }>("scope_grammar"))(
    "$id: $name",
    ({ scope, expect: wanted }) => {
      expect(isScope(scope)).toBe(wanted.grammar);
      expect(scope.includes(" ") ? null : (parseScope(scope) ?? null)).toEqual(wanted.containers_image);
    },
  );

  test.each(
    vectors<{ status: number; headers: string[]; expect: { retry: boolean; scope: string | null } }>(
      "crio_insufficient_scope_retry",
    ),
  )("$id: $name", ({ status, headers, expect: wanted }) => {
    expect(scopeForRetry(status, parseChallenges(headers)) ?? null).toBe(wanted.scope);
  });
});
