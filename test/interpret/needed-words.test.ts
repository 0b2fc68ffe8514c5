import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { headsByFirst } from "../../src/interpret/heads.ts";
import { mayFit, neededWords } from "../../src/interpret/needed-words.ts";
import { causes } from "../../src/knowledge/causes/index.ts";

const wordings = causes.flatMap((cause) => cause.wordings.map((wording) => ({ code: cause.code, ...wording })));

describe("words that a match needs", () => {
  test.each([
    [/no such host/, ["no such host"]],
    [/\bToo Many\b|\bquota\b/i, ["too many", "quota"]],
    [/^x(?:first|other) /, [[["first", "other"]]]],
    [/status:? (?=429)/, ["status"]],
    [/certs?:/, ["cert"]],
    [/the (?:first|other)\b.{0,9}\bthing\b/, [["thing", "the ", ["first", "other"]]]],
    [/(?<name>abc)+ longer than this/, [[" longer than this", ["abc"]]]],
    [/a{2}bcd|x+yz/, undefined],
    [/(?:maybe)? ok/, [" ok"]],
    [/(?:maybe){0,3}/, undefined],
    [/(?!not this)/, undefined],
    [/(?<=behind)\d/, undefined],
    [/one|[tT]wo|/, undefined],
    [/[)|(]abc/, ["abc"]],
    [/\(code=\d+\)/, ["(code="]],
    [/\u0041bcd/, undefined],
  ])("%s: %j", (pattern, words) => {
    expect(neededWords(pattern)).toEqual(words);
  });

  test("whatever a wording fits holds them", () => {
    const examples = wordings.flatMap(({ example }) => [example, ...example.split(": ")]);
    const text = fc.oneof(
      fc.constantFrom(...examples),
      fc.tuple(fc.constantFrom(...examples), fc.string()).map(([a, b]) => b + a),
    );
    let fitted = 0;
    fc.assert(
      fc.property(text, (message) => {
        const lower = message.toLowerCase();
        for (const { pattern } of wordings) {
          if (!pattern.test(message)) continue;
          fitted += 1;
          expect(mayFit(pattern, lower), `${pattern} ${message}`).toBe(true);
        }
      }),
      { numRuns: 1_500 },
    );
    expect(fitted).toBeGreaterThan(1_500);
  });

  test("a head that stands in a message is not passed over for its words", () => {
    const heads = [...headsByFirst.values()].flat();
    const messages = wordings.map(({ example }) => example);
    const stands = (source: string, message: string) => new RegExp(source).test(message);
    const pairs = heads.flatMap((head) => messages.map((message) => [head.pattern, message] as const));
    const standing = pairs.filter(([pattern, message]) => stands(pattern.source, message));
    expect(standing.length).toBeGreaterThan(100);
    expect(standing.filter(([pattern, message]) => !mayFit(pattern, message.toLowerCase()))).toEqual([]);
  });

  test("most wordings need some, so that a message is compared with few expressions", () => {
    const free = wordings.filter(({ pattern }) => neededWords(pattern) === undefined && pattern.source.length > 3);
    expect(free.length, free.map(({ code, pattern }) => `${code} ${pattern}`).join("\n")).toBeLessThan(10);
  });
});
