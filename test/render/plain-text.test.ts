import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { cellWidth } from "../../src/render/cell-width.ts";
import { isHidden } from "../../src/render/hidden-characters.ts";
import { pasteable, plainName, plainText } from "../../src/render/plain-text.ts";
import { wrap } from "../../src/render/wrap.ts";
import { cpuTime } from "../support/cpu-time.ts";

describe("plainText", () => {
  test.each([
    ["O1: an escape sequence is shown, not obeyed", "a\u001b[2Jb", "a^[[2Jb"],
    ["O1: a C1 control is shown by its number", "a\u009b2Jb", "a<U+009B>2Jb"],
    ["O1: delete", "a\u007fb", "a^?b"],
    ["O2: a carriage return does not go back over the line", "ok\rbad", "ok^Mbad"],
    ["O2: line feeds, tabs and CRLF become one space", "a\n\tb\r\nc", "a b c"],
    ["O2: vertical tab and form feed are shown", "a\u000b\u000cb", "a^K^Lb"],
    ["O3: a bidi override is shown", "gpj\u202eexe", "gpj<U+202E>exe"],
    ["O3: an isolate, a zero width space, a byte order mark", "\u2066a\u200bb\ufeff", "<U+2066>a<U+200B>b<U+FEFF>"],
    ["O3: tag characters and the soft hyphen", "a\u{e0041}b\u00adc", "a<U+E0041>b<U+00AD>c"],
    ["O3: a space that is none", "a\u00a0b\u3000c", "a<U+00A0>b<U+3000>c"],
    ["O3: fillers and blanks that look empty", "a\u3164b\u2800c", "a<U+3164>b<U+2800>c"],
    ["O5: a lone surrogate is shown by its number", "a\ud800b", "a<U+D800>b"],
    [
      "O5: marks that pile up are shown by their number",
      "e\u0301\u0302\u0303\u0304\u0305",
      "e\u0301\u0302\u0303<U+0304><U+0305>",
    ],
    ["O5: a mark without a letter does not stick to our own text", "\u0301a", "<U+0301>a"],
    [
      "M2: an order to Azure's agent is broken, wherever it stands",
      "x ##vso[task.x]y ##[error]z",
      "x #\\#vso[task.x]y #\\#[error]z",
    ],
    [
      "C2: a signed URL in an event loses its signature",
      "GET https://u:p@s3.example/b?X-Amz-Signature=abc: 403",
      "GET https://REDACTED@s3.example/b?X-Amz-Signature=REDACTED: 403",
    ],
    ["letters of other scripts stay", "Zażółć 画像 ✓", "Zażółć 画像 ✓"],
  ])("%s", (_, text, shown) => {
    expect(plainText(text)).toBe(shown);
  });

  test("O9: a long text is cut, and says by how much", () => {
    expect(plainText("x".repeat(700))).toBe(`${"x".repeat(500)}… (200 more characters)`);
    expect(plainText("abcdef", { limit: 3, ascii: true })).toBe("abc... (3 more characters)");
  });

  test("C2: a password that the limit would cut in two is hidden before the cut", () => {
    expect(plainText(`https://user:${"p".repeat(600)}@host/`)).toBe("https://REDACTED@host/");
  });

  test("O5: no text makes it throw, and nothing hidden is left", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary" }), fc.integer({ min: 0, max: 50 }), (text, limit) => {
        const plain = plainText(text, { limit });
        expect([...plain].some(isHidden)).toBe(false);
        expect(cellWidth(plain)).toBeGreaterThanOrEqual(0);
      }),
    );
  });

  test("O6: a megabyte of escape sequences takes no time", () => {
    const before = cpuTime();
    plainText("\u001b[;".repeat(350_000), { limit: 10_000_000 });
    expect(cpuTime() - before).toBeLessThan(2000);
  });
});

describe("plainName", () => {
  test("O4: a Cyrillic letter in a host is shown by its number", () => {
    expect(plainName("ghсr.io/a")).toBe("gh<U+0441>r.io/a");
  });
});

describe("pasteable", () => {
  test.each([["a\nb"], ["a\u001b[2J"], ["a\u202e"], ["a\tb"], [`a${" x".repeat(5000)}`]])(
    "M6: %j is no command to paste",
    (command) => expect(pasteable(command)).toBeUndefined(),
  );

  test("a quoted command comes back as it is", () => {
    const command = `kubectl get pod 'a b' -o jsonpath='{.spec}' | grep "ü"`;
    expect(pasteable(command)).toBe(command);
  });
});

describe("wrap", () => {
  test("breaks between words, and long words behind a seam", () => {
    expect(wrap("one two three registry.example.com/shop/web:1.4", 20)).toEqual([
      "one two three",
      "registry.example.com",
      "/shop/web:1.4",
    ]);
    expect(wrap("https://registry.example/aaaa/bbbbbbbb", 30)).toEqual(["https://registry.example/aaaa/", "bbbbbbbb"]);
  });

  test("counts wide characters as two cells and combining ones as none", () => {
    expect(wrap("画像画像", 4)).toEqual(["画像", "画像"]);
    expect(wrap("e\u0301e\u0301e\u0301", 3)).toEqual(["e\u0301e\u0301e\u0301"]);
  });

  test("M2: no line starts with an order to a CI runner, not even where a word is parted", () => {
    expect(wrap("::error::pwned", 40)).toEqual(["\\::error::pwned"]);
    expect(wrap("a ::b", 4)).toEqual(["a", "\\::b"]);
    expect(wrap("aaaaaaaa::error::x", 8)).toEqual(["aaaaaaaa", "\\::error", "\\::x"]);
    expect(wrap("x ##[error]", 5)[1]).toMatch(/^\\##/);
  });

  test.each([[0], [1], [5], [Number.NaN], [1e6], [Number.POSITIVE_INFINITY]])(
    "O7: ends, and loses nothing, at width %d",
    (width) => {
      const text = "aaa bbb ::c ddddddddddddddd 画像 😀";
      expect(wrap(text, width).join("").replaceAll(" ", "").replaceAll("\\", "")).toBe(text.replaceAll(" ", ""));
    },
  );

  test("no line is wider than the page, and no text is lost, whatever the text", () => {
    fc.assert(
      fc.property(fc.string({ unit: "grapheme" }), fc.integer({ min: 12, max: 90 }), (text, width) => {
        const plain = plainText(text);
        const lines = wrap(plain, width);
        for (const line of lines) expect(cellWidth(line)).toBeLessThanOrEqual(width);
        expect(lines.join("").replaceAll(/[ \\]/g, "")).toBe(plain.replaceAll(/[ \\]/g, ""));
      }),
    );
  });
});
