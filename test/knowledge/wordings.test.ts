import { describe, expect, test } from "vitest";
import { peelFailure } from "../../src/interpret/peel-failure.ts";
import { recogniseText } from "../../src/interpret/recognise-failure.ts";
import { causeByCode, causes } from "../../src/knowledge/causes/index.ts";
import type { Wording } from "../../src/knowledge/causes/wording.ts";

const wordings = causes.flatMap((cause) => cause.wordings.map((wording, index) => ({ cause, wording, index })));

/** Causes that only evidence shows, and the one that stands for what is not recognised. */
const wordless = [
  "answers-now",
  "login-blocks-public-image",
  "pull-secret-no-match",
  "pull-secret-wrong-type",
  "service-account-changed",
  "unknown",
];

describe("every wording", () => {
  test.each(wordings)("$cause.code #$index: its example is recognised as its cause", ({ cause, wording }) => {
    expect(recogniseText(wording.example, wording.exampleReason).code).toBe(cause.code);
  });

  test.each(wordings)("$cause.code #$index: it fits its own example", ({ wording }) => {
    expect(peel(wording).some((text) => fits(wording, text))).toBe(true);
  });

  test("names its source and its author", () => {
    for (const { cause, wording } of wordings) {
      expect(wording.source, cause.code).toMatch(/\S\/\S/);
      expect(wording.writtenBy, cause.code).not.toBe("");
    }
  });

  test("keeps no state between two matches", () => {
    expect(wordings.filter(({ wording }) => wording.pattern.global || wording.pattern.sticky)).toEqual([]);
  });

  test("names alternatives that the catalogue has", () => {
    const unknown = wordings
      .flatMap(({ wording }) => wording.alternatives ?? [])
      .filter((code) => !causeByCode.has(code));
    expect(unknown).toEqual([]);
  });
});

describe("the catalogue", () => {
  test("has words for every cause that text can show", () => {
    expect(causes.filter((cause) => cause.wordings.length === 0).map((cause) => cause.code)).toEqual(wordless);
  });

  test("covers and tells apart only codes that it has", () => {
    const named = causes.flatMap((cause) => [...(cause.covers ?? []), ...Object.keys(cause.toldFrom)]);
    expect(named.filter((code) => !causeByCode.has(code))).toEqual([]);
  });

  /** Within a stage the alphabet decides; where that matters it is stated here, winner first. */
  test("leaves no other pair of causes to the alphabet", () => {
    const pairs = new Set<string>();
    for (const { cause, wording } of wordings) {
      for (const text of peel(wording)) {
        for (const other of wordings) {
          const sameFamily = (other.cause.family === "admission") === (text.template === "create");
          if (
            other.cause !== cause &&
            other.wording.stage === wording.stage &&
            sameFamily &&
            fits(other.wording, text)
          ) {
            pairs.add(`${cause.code} < ${other.cause.code}`);
          }
        }
      }
    }
    expect([...pairs].sort()).toEqual([
      "auth-server-error < registry-server-error",
      "blob-store-blocked < connect-timeout",
      "credentials-rejected < registry-bad-request",
      "proxy-auth-required < proxy-rejected",
    ]);
  });
});

function peel(wording: Wording): ReturnType<typeof peelFailure>["texts"] {
  const { texts } = peelFailure({ source: "event", reason: wording.exampleReason ?? "", message: wording.example });
  return texts.slice(0, 1);
}

function fits(wording: Wording, text: ReturnType<typeof peelFailure>["texts"][number]): boolean {
  return wording.pattern.test(wording.reads === "whole" ? text.whole : text.words) && (wording.when?.(text) ?? true);
}
