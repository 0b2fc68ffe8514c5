import { expect, test } from "vitest";
import { rankFindings, type Verdict } from "../../src/conclude/rank-findings.ts";
import type { Certainty } from "../../src/domain/certainty.ts";
import { causeByCode } from "../../src/knowledge/causes/index.ts";

function found(code: string, certainty: Certainty): Verdict {
  const cause = causeByCode.get(code);
  if (cause === undefined) throw new Error(`no cause ${code}`);
  return { cause, finding: { certainty, evidence: [] } };
}

/** The order in which the verdicts come out. */
function ranked(...verdicts: readonly Verdict[]): string[] {
  return rankFindings(verdicts).map(({ cause }) => cause.code);
}

test("certain goes before likely, likely before possible", () => {
  expect(
    ranked(found("disk-full", "possible"), found("manifest-not-found", "likely"), found("rate-limited", "certain")),
  ).toEqual(["rate-limited", "manifest-not-found", "disk-full"]);
});

test("of equals the one that the kubelet meets first goes first", () => {
  expect(ranked(found("manifest-not-found", "certain"), found("credentials-rejected", "certain"))[0]).toBe(
    "credentials-rejected",
  );
});

test("a missing secret goes before the registry that hides, though that is surer", () => {
  const verdicts = rankFindings([found("access-denied-or-missing", "certain"), found("pull-secret-missing", "likely")]);
  expect(verdicts.map(({ cause, folded }) => [cause.code, folded])).toEqual([
    ["pull-secret-missing", undefined],
    ["access-denied-or-missing", true],
  ]);
});

test("a guess does not push an umbrella aside", () => {
  expect(ranked(found("unauthorized", "likely"), found("credentials-missing", "possible"))[0]).toBe("unauthorized");
});

test("what is likely does not push aside what is certain and no umbrella", () => {
  expect(ranked(found("manifest-not-found", "certain"), found("registry-retired", "likely"))[0]).toBe(
    "manifest-not-found",
  );
});

test("an answer from here goes behind the node's own trouble, and before a mere possibility", () => {
  expect(ranked(found("answers-now", "possible"), found("dns-nxdomain", "likely"))[0]).toBe("dns-nxdomain");
  expect(ranked(found("answers-now", "certain"), found("connect-refused", "possible"))[0]).toBe("answers-now");
});
