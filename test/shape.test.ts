import { readdirSync, readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";

const sources = ["src", "scripts", "test"].flatMap((root) =>
  readdirSync(root, { recursive: true, encoding: "utf8" })
    .filter((name) => name.endsWith(".ts"))
    .map((name) => ({ path: `${root}/${name}`.replaceAll("\\", "/"), text: readFileSync(`${root}/${name}`, "utf8") })),
);
const shipped = sources.filter(({ path }) => path.startsWith("src/"));

describe("the shape of the repository", () => {
  test("two files see plain secrets: one opens a Secret's payload, one sends a login", () => {
    const revealers = shipped
      .filter(({ path }) => path !== "src/domain/redacted.ts")
      .filter(({ text }) => /\breveal\b\s*[,}(]|Redacted\.reveal/.test(text))
      .map(({ path }) => path);
    expect(revealers.sort()).toEqual(["src/interpret/decode-pull-secret.ts", "src/probe/authorize.ts"]);
  });

  test("one folder reads process: the command line", () => {
    const readers = shipped.filter(({ text }) => /\bprocess\.(env|argv|stdout|stderr|stdin|exit|cwd)\b/.test(text));
    expect(readers.map(({ path }) => path).filter((path) => !path.startsWith("src/cli/"))).toEqual([]);
  });

  test("files are small", () => {
    const long = shipped
      .filter(({ path }) => !path.endsWith("/index.ts"))
      .map(({ path, text }) => ({ path, lines: text.split("\n").length }))
      .filter(({ lines }) => lines > 300);
    expect(long).toEqual([]);
  });

  test("there are no drawers", () => {
    const drawers = sources.filter(({ path }) => /\b(utils?|helpers?|common|misc|manager)\b/.test(path));
    expect(drawers.map(({ path }) => path)).toEqual([]);
  });
});
