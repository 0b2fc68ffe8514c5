import { describe, expect, test } from "vitest";
import { main } from "../../src/cli/main.ts";
import { programName, type World } from "../../src/cli/world.ts";

/** A world without a cluster: what is printed is caught. */
function world(stdin: readonly string[] = []): { world: World; out: () => string; err: () => string } {
  let out = "";
  let err = "";
  return {
    world: {
      stdout: { write: (text) => (out += text) },
      stderr: { write: (text) => (err += text) },
      stdin: (async function* () {
        yield* stdin;
      })(),
      env: {},
      now: () => Date.parse("2026-11-25T12:00:00Z"),
      calledAs: "/usr/local/bin/kubectl-imagedoctor",
      cwd: "/",
      platform: "linux-x64",
      interrupt: new AbortController().signal,
    },
    out: () => out,
    err: () => err,
  };
}

async function run(argv: readonly string[], stdin?: readonly string[]) {
  const { world: made, out, err } = world(stdin);
  const code = await main(argv, made);
  return { code, out: out(), err: err() };
}

describe("the program without a cluster", () => {
  test.each([
    ["dns-nxdomai", "Did you mean dns-nxdomain? List them with: kubectl imagedoctor explain\n"],
    ["no such host", "Is it what a runtime said? Give it as: kubectl imagedoctor explain --message TEXT\n"],
  ])("explain %j, which is no cause, says what to do instead", async (word, hint) => {
    const { code, err } = await run(["explain", word]);
    expect({ code, err }).toEqual({ code: 2, err: `error: there is no cause ${JSON.stringify(word)}\n${hint}` });
  });

  test("L5: bad usage is exit code 2, with the nearest flag, and nothing on stdout", async () => {
    const { code, out, err } = await run(["web", "--namespce", "shop"]);
    expect({ code, out }).toEqual({ code: 2, out: "" });
    expect(err).toContain("unknown flag: --namespce");
    expect(err).toContain("--namespace");
  });

  test("L5: a cluster that cannot be found is exit code 3, in one sentence and a hint", async () => {
    const { code, out, err } = await run(["web", "--kubeconfig", "/does/not/exist"]);
    expect({ code, out }).toEqual({ code: 3, out: "" });
    expect(err.trim().split("\n")).toHaveLength(2);
    expect(err).not.toContain("    at ");
  });

  test("version, as text and as JSON", async () => {
    expect(await run(["version"])).toMatchObject({
      code: 0,
      out: expect.stringMatching(/^kubectl-imagedoctor \S+\n$/),
    });
    expect(JSON.parse((await run(["version", "-o", "json"])).out)).toHaveProperty("version");
    expect((await run(["version", "-o", "xml"])).code).toBe(2);
  });

  test("help teaches with examples, and names every flag", async () => {
    const { code, out } = await run(["--help"]);
    expect(code).toBe(0);
    for (const part of ["Examples:", "--namespace", "--no-probe", "Exit codes:", "kubectl imagedoctor web-6f9"]) {
      expect(out).toContain(part);
    }
    expect(out.split("\n").filter((line) => line.length > 100)).toEqual([]);
  });

  test.each([
    ["explain", "--help"],
    ["rbac", "--help"],
    ["completion", "-h"],
    ["version", "--help"],
    ["help", "rbac"],
    ["help", "version"],
  ])("%s %s is help about the command, with an example", async (...argv) => {
    const { code, out, err } = await run(argv);
    const command = argv[0] === "help" ? argv[1] : argv[0];
    expect({ code, err }).toEqual({ code: 0, err: "" });
    expect(out).toMatch(new RegExp(`^Usage:\n  \\S.* ${command}\\b`, "m"));
    expect(out).toMatch(/^Examples:\n {2}# \S/m);
    expect(out.split("\n").filter((line) => line.length > 80 && !line.startsWith("  kubectl"))).toEqual([]);
  });

  test.each([
    ["expalin", "explain"],
    ["versoin", "version"],
    ["completions", "completion"],
  ])("%s, which no pod is called, is asked about as a command", async (word, command) => {
    const { code, err } = await run([word, "-n", "shop"]);
    expect(code).toBe(3);
    expect(err).toContain(`\nOr was the command meant: kubectl imagedoctor ${command}?\n`);
  });

  test("a name like any other is not", async () => {
    for (const word of ["web", "rbac-1", "Explain", "help"]) {
      expect((await run([word, "--kubeconfig", "/does/not/exist"])).err).not.toContain("the command meant");
    }
  });

  test("help about nothing that there is, is the program's", async () => {
    expect((await run(["help", "toString"])).out).toBe((await run(["--help"])).out);
    expect((await run(["web-1", "--help"])).out).toBe((await run(["--help"])).out);
  });

  test.each([
    [["--halp"], "Did you mean --help?"],
    [["rbac", "shop"], "rbac takes no names"],
    [["rbac", "-o", "json"], "unknown flag: -o\nSee kubectl imagedoctor rbac --help."],
    [["explain", "--reason", "ErrImagePull"], "--reason is what stood beside a --message"],
    [["explain", "rate-limited", "unknown"], "explain takes one thing at a time"],
    [["completion", "tcsh"], "completion takes bash, zsh, fish, or nothing"],
    [["version", "now"], "version takes only -o json or -o yaml"],
  ])("%j is bad usage, and says what is wrong", async (argv, words) => {
    const { code, out, err } = await run(argv);
    expect({ code, out }).toEqual({ code: 2, out: "" });
    expect(err).toContain(words);
  });

  test("a pasted message is told in a line, and where to read on", async () => {
    const { code, out } = await run(["explain", "--message", "x509: certificate signed by unknown authority"]);
    expect(code).toBe(0);
    expect(out).toMatch(/^tls-unknown-ca: .*, likely\n.*: kubectl imagedoctor explain tls-unknown-ca\n$/);
  });

  test("usage follows the name it was called by", () => {
    expect(programName("/home/me/.krew/bin/kubectl-imagedoctor")).toBe("kubectl imagedoctor");
    expect(programName("kubectl-imagedoctor")).toBe("kubectl-imagedoctor");
    expect(programName("C:\\krew\\kubectl-imagedoctor.exe")).toBe("kubectl imagedoctor");
  });

  test("explain --stdin -o json: one line out for one in, in order, whatever the line is", async () => {
    const { code, out } = await run(
      ["explain", "--stdin", "-o", "json"],
      [
        '"Failed to pull image \\"web:1\\": pull QPS exceeded"\n{"mess',
        'age":"Back-off pulling image \\"web:1\\""}\nnot json\n',
      ],
    );
    expect(code).toBe(0);
    const lines = out
      .trim()
      .split("\n")
      .map((line) => JSON.parse(line) as { code: string });
    expect(lines.map((line) => line.code)).toEqual(["pull-qps-exceeded", "cause-hidden", "unknown"]);
  });

  test("explain of a mistyped code names the nearest", async () => {
    const { code, err } = await run(["explain", "rate-limitd"]);
    expect(code).toBe(2);
    expect(err).toContain("rate-limited");
  });

  test("rbac prints a role that names nothing but reads", async () => {
    const { out } = await run(["rbac", "-n", "shop"]);
    expect(out).toContain('namespace: "shop"');
    expect([...out.matchAll(/verbs: \[(.*)\]/g)].flatMap((match) => (match[1] ?? "").split(", "))).toSatisfy(
      (verbs: string[]) => verbs.length > 5 && verbs.every((verb) => ['"get"', '"list"', '"watch"'].includes(verb)),
    );
  });

  test("completion answers flags, formats and codes, and ends with a directive", async () => {
    expect((await run(["__complete", "--nam"])).out).toMatch(/^--namespace\t.+\n:4\n$/);
    expect((await run(["__complete", "-o", "j"])).out).toBe("json\njunit\n:4\n");
    expect((await run(["__complete", "explain", "rate"])).out).toMatch(/^rate-limited\t/);
    expect((await run(["__complete", "--from", ""])).out).toBe(":0\n");
    expect((await run(["__completeNoDesc", "--nam"])).out).toBe("--namespace\n:4\n");
  });

  test("completion is silent on errors", async () => {
    expect(await run(["__complete", "--kubeconfig", "/does/not/exist", "x"])).toEqual({
      code: 0,
      out: ":4\n",
      err: "",
    });
  });

  test("completion without a shell prints the shim that kubectl calls", async () => {
    expect((await run(["completion"])).out).toContain("kubectl_complete-imagedoctor");
    expect((await run(["completion", "tcsh"])).code).toBe(2);
  });

  test("completion without a shell says on Windows that kubectl has none there", async () => {
    const { world: made, out, err } = world();
    expect(await main(["completion"], { ...made, platform: "win32-x64" })).toBe(2);
    expect({ out: out(), err: err() }).toEqual({
      out: "",
      err: "error: kubectl on Windows completes no plugin's words\nFor kubectl-imagedoctor by itself, in a shell of Unix: kubectl imagedoctor completion bash.\n",
    });
    expect(await main(["completion", "bash"], { ...made, platform: "win32-x64" })).toBe(0);
  });
});
