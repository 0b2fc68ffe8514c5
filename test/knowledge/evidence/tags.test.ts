import { expect, test } from "vitest";
import { asked, tags } from "../../../src/knowledge/evidence/example-parts.ts";
import { tagIsListed, tagsMeant } from "../../../src/knowledge/evidence/tags.ts";
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

test("the tag that was meant is looked for in the list", () => {
  expect(tagsMeant(withTags("1.4", "v1.4", "2.0"))[0]).toBe("v1.4");
  expect(tagsMeant(caseFile())).toEqual([]);
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
