import { expect, test } from "vitest";
import { asked, tags } from "../../../src/knowledge/evidence/example-parts.ts";
import { nearestTags, tagIsListed } from "../../../src/knowledge/evidence/tags.ts";
import { caseFile } from "../../support/case-file.ts";

function withTags(tag: string, ...listed: readonly string[]) {
  const reference = {
    text: `registry.example.com/shop/web:${tag}`,
    registry: "registry.example.com",
    repository: "shop/web",
    tag,
  };
  return caseFile({ reference: { kind: "valid", reference }, probes: [asked(tags(...listed), undefined, "tags")] });
}

test.each([
  ["1.4", ["v1.4", "2.0", "1.3"], ["v1.4", "1.3"]],
  ["v1.4.2", ["v1.4.1", "v1.4.3", "v1.4.22", "v9"], ["v1.4.1", "v1.4.3", "v1.4.22"]],
  ["stable", ["latest"], []],
  ["latest", ["Latest"], ["Latest"]],
])("the nearest to %s among %j are %j", (wanted, listed, expected) => {
  expect(nearestTags(withTags(wanted, ...listed))).toEqual(expected);
});

test("a long list of long tags takes no time worth speaking of", () => {
  const listed = Array.from({ length: 20_000 }, (_, index) => `${"a".repeat(120)}${index}`);
  const start = performance.now();
  nearestTags(withTags(`${"a".repeat(118)}b`, ...listed));
  expect(performance.now() - start).toBeLessThan(2_000);
});

test("a tag is known to be missing only from a list that was read to its end", () => {
  expect(tagIsListed(withTags("1.4", "1.4"))).toBe(true);
  expect(tagIsListed(withTags("1.4", "1.3"))).toBe(false);
  const cut = caseFile({
    probes: [asked({ kind: "tags", meaning: "granted", tags: ["1.3"], complete: false }, undefined, "tags")],
  });
  expect(tagIsListed(cut)).toBeUndefined();
  expect(tagIsListed(caseFile())).toBeUndefined();
});
