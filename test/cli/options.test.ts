import { describe, expect, test } from "vitest";
import { flags } from "../../src/cli/flags.ts";
import { parseOptions, value } from "../../src/cli/options.ts";
import { KnownError } from "../../src/domain/known-error.ts";

const parse = (...argv: string[]) => parseOptions(argv, flags, "kubectl imagedoctor");

function refusal(...argv: string[]): KnownError {
  try {
    parse(...argv);
  } catch (error) {
    if (error instanceof KnownError) return error;
    throw error;
  }
  throw new Error("nothing was thrown");
}

describe("the command line", () => {
  test("words stay in order, flags may stand between them", () => {
    const options = parse("web-1", "-n", "shop", "web-2", "-v");
    expect(options.words).toEqual(["web-1", "web-2"]);
    expect(value(options, "namespace")).toBe("shop");
    expect(options.on.has("verbose")).toBe(true);
  });

  test("the last of a repeated value wins, and repeatable flags keep all", () => {
    expect(value(parse("-n", "a", "-n", "b"), "namespace")).toBe("b");
    expect(parse("--image", "a", "--image", "b").values.get("image")).toEqual(["a", "b"]);
  });

  test("a flag takes what comes after it, whatever it looks like", () => {
    expect(value(parse("-f", "-"), "filename")).toBe("-");
    expect(value(parse("--filename", "-", "-v"), "filename")).toBe("-");
    expect(value(parse("-l", "-x"), "selector")).toBe("-x");
    expect(value(parse("-l", "--verbose=y"), "selector")).toBe("--verbose=y");
    expect(parse("-n", "shop", "-", "--", "-f", "-").words).toEqual(["-", "-f", "-"]);
  });

  test("a number-like name stays a text", () => {
    expect(parse("007").words).toEqual(["007"]);
    expect(value(parse("-n", "1e3"), "namespace")).toBe("1e3");
  });

  test("--no-probe is a flag of its own", () => {
    expect(parse("--no-probe").on.has("no-probe")).toBe(true);
    expect(parse().on.has("no-probe")).toBe(false);
    expect(parse("--no-probe=false").on.has("no-probe")).toBe(false);
  });

  test("an unknown flag names the nearest", () => {
    const error = refusal("--namespce", "shop");
    expect(error.code).toBe("usage");
    expect(error.message).toBe("unknown flag: --namespce");
    expect(error.hint).toContain("--namespace");
  });

  test("a value that is no choice names the choices", () => {
    const error = refusal("-o", "markdwn");
    expect(error.hint).toContain("Did you mean markdown?");
    expect(error.hint).toContain("json");
  });

  test("a flag without its value says so", () => {
    expect(refusal("-n").message).toBe("flag needs a value: --namespace");
  });

  test("prototype names are no flags", () => {
    expect(refusal("--__proto__", "x").code).toBe("usage");
    expect(refusal("--constructor", "x").message).toBe("unknown flag: --constructor");
  });

  test.each([
    ["--no-probe=true", true],
    ["--no-probe=T", true],
    ["--no-probe=1", true],
    ["--no-probe=false", false],
    ["--no-probe=F", false],
    ["--no-probe=0", false],
    ["-A=false", false],
    ["-A=true", true],
  ])("a switch with a value, as Go reads it: %s", (argument, on) => {
    const { on: found } = parse(argument);
    expect(found.has(argument.startsWith("-A") ? "all-namespaces" : "no-probe")).toBe(on);
  });

  test.each(["context", "kubeconfig", "namespace", "server", "token", "as", "selector"])(
    "an empty --%s is none, as with kubectl",
    (name) => {
      expect(parse(`--${name}=`, "web-1")).toMatchObject({ words: ["web-1"], values: new Map() });
      expect(parse(`--${name}`, "", "web-1")).toMatchObject({ words: ["web-1"], values: new Map() });
      expect(refusal(`--${name}`).message).toBe(`flag needs a value: --${name}`);
    },
  );

  test("an empty value of our own flags is a mistake", () => {
    expect(refusal("--image", "").message).toBe("flag needs a value: --image");
  });

  test("a switch with a value that is neither is refused, but not where it is another flag's value", () => {
    expect(() => parse("--no-probe=maybe")).toThrow('--no-probe does not understand "maybe"');
    expect(() => parse("--no-probe=")).toThrow('--no-probe does not understand ""');
    expect(parse("-l", "--no-probe=maybe").values.get("selector")).toEqual(["--no-probe=maybe"]);
    expect(parse("--", "--no-probe=maybe").words).toEqual(["--no-probe=maybe"]);
  });
});
