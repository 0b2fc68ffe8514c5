import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { crashing, podObject, running } from "../collect/sample-objects.ts";
import { type ApiServer, startApiServer } from "../support/api-server.ts";
import { writeKubeconfig } from "../support/kubeconfig.ts";
import { runMain } from "../support/run-cli.ts";

let server: ApiServer;
let directory: string;
let kubeconfig: string;

beforeAll(async () => {
  server = await startApiServer({
    objects: [
      podObject({ name: "api-1", state: running }),
      podObject({ name: "batch-1", state: crashing }),
      podObject({ name: "web-1" }),
      podObject({ name: "web-2", state: running }),
      podObject({ name: "db-1", namespace: "data" }),
    ],
  });
  directory = await mkdtemp(path.join(tmpdir(), "complete-"));
  kubeconfig = await writeKubeconfig(server, directory, { namespace: "shop", context: "arn:aws:eks:eu/shop" });
});
afterAll(async () => {
  await rm(directory, { recursive: true });
  await server.close();
});

/** The answer to the words, the last of which is still being typed: its words, and the directive. */
async function complete(...words: string[]): Promise<{ words: string[]; directive: string }> {
  const { code, stdout, stderr } = await runMain(["__complete", ...words], { env: { KUBECONFIG: kubeconfig } });
  expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
  const lines = stdout.trimEnd().split("\n");
  return { words: lines.slice(0, -1).map((line) => line.split("\t")[0] ?? ""), directive: lines.at(-1) ?? "" };
}

test("behind a command, its own flags and their values", async () => {
  expect((await complete("explain", "--")).words).toEqual(["--message", "--reason", "--stdin", "--output"]);
  expect((await complete("rbac", "-")).words).toEqual(["--namespace"]);
  expect((await complete("version", "-o", "")).words).toEqual(["json", "yaml"]);
  expect((await complete("explain", "--output=")).words).toEqual(["--output=text", "--output=json", "--output=yaml"]);
});

describe("names from the cluster", () => {
  test("pods that cannot pull come first, then the others, then the commands", async () => {
    const { words, directive } = await complete("");
    expect(words).toEqual(["web-1", "api-1", "batch-1", "web-2", "explain", "rbac", "completion", "version"]);
    expect(directive).toBe(":4");
  });

  test("of the namespace that was typed, however it was", async () => {
    for (const typed of [["-n", "data"], ["--namespace", "data"], ["--namespace=data"]]) {
      expect((await complete(...typed, "d")).words).toEqual(["db-1"]);
    }
  });

  test("that begin with what was typed, and none that is there already", async () => {
    expect((await complete("web")).words).toEqual(["web-1", "web-2"]);
    expect((await complete("web-1", "")).words).toEqual(["api-1", "batch-1", "web-2"]);
    expect((await complete("web-1", "-o", "wide", "w")).words).toEqual(["web-2"]);
  });

  test("contexts and namespaces of the kubeconfig, without a request", async () => {
    const before = server.requests.length;
    expect((await complete("--context", "")).words).toEqual(["arn:aws:eks:eu/shop"]);
    expect((await complete("--context=arn:")).words).toEqual(["--context=arn:aws:eks:eu/shop"]);
    expect((await complete("-n", "s")).words).toEqual(["shop"]);
    expect(server.requests.length).toBe(before);
  });

  test("what would break the answer's lines is left out", async () => {
    const names = ["good", "bad\nname", "bad\tname", "bad\u001b[31mname"];
    const file = path.join(directory, "hostile");
    const contexts = names.map((name) => ({ name, context: { cluster: "c", user: "u" } }));
    await writeFile(file, JSON.stringify({ apiVersion: "v1", kind: "Config", contexts, clusters: [], users: [] }));
    expect((await complete("--kubeconfig", file, "--context", "")).words).toEqual(["good"]);
  });
});

describe("what needs no cluster makes no request", () => {
  test.each([
    [["--outp"], ["--output", "--output-file"], ":4"],
    [["-o", "j"], ["json", "junit"], ":4"],
    [["--output=j"], ["--output=json", "--output=junit"], ":4"],
    [["explain", "rate-l"], ["rate-limited"], ":4"],
    [["explain", "rate-limited", ""], [], ":4"],
    [["completion", ""], ["bash", "zsh", "fish"], ":4"],
    [["version", ""], [], ":4"],
    [["rbac", ""], [], ":4"],
    [["rbac", "--name"], ["--namespace"], ":4"],
    [["--from", ""], [], ":0"],
    [["--from="], [], ":0"],
    [["--no-such-flag="], [], ":4"],
    [["--request-timeout", ""], [], ":4"],
  ] as const)("%j", async (typed, words, directive) => {
    const before = server.requests.length;
    expect(await complete(...typed)).toEqual({ words, directive });
    expect(server.requests.length).toBe(before);
  });

  test("a flag that is there is not offered again, and every flag says what it does", async () => {
    expect((await complete("--context", "a", "--context")).words).not.toContain("--context");
    const { stdout } = await runMain(["__complete", "--"]);
    expect(
      stdout
        .trimEnd()
        .split("\n")
        .slice(0, -1)
        .every((line) => /^--[a-z-]+\t\S.+$/.test(line)),
    ).toBe(true);
  });
});

test("after -- there are names only", async () => {
  expect((await complete("--", "--out")).words).toEqual([]);
  expect((await complete("--", "web")).words).toEqual(["web-1", "web-2"]);
});

describe("silent on errors", () => {
  const empty = { stderr: "", code: 0, stdout: ":4\n" };
  test.each([
    ["no kubeconfig", { KUBECONFIG: "/does/not/exist" }],
    ["no environment at all", {}],
  ])("%s", async (_, env) => {
    expect(await runMain(["__complete", "w"], { env })).toEqual(empty);
    expect(await runMain(["__complete", "--context", ""], { env })).toEqual(empty);
  });

  test("a server that is not there, one that lets nobody in, one that forbids", async () => {
    const gone = await startApiServer();
    const file = await writeKubeconfig(gone, directory, { file: "gone" });
    await gone.close();
    expect(await runMain(["__complete", "w"], { env: { KUBECONFIG: file } })).toEqual(empty);

    const strange = await writeKubeconfig(server, directory, { file: "strange", user: { token: "wrong" } });
    expect(await runMain(["__complete", "w"], { env: { KUBECONFIG: strange } })).toEqual(empty);

    await using forbidding = await startApiServer({ objects: [podObject({})] });
    forbidding.deny({});
    const forbidden = await writeKubeconfig(forbidding, directory, { file: "forbidden" });
    expect(await runMain(["__complete", "w"], { env: { KUBECONFIG: forbidden } })).toEqual(empty);
  });

  test("half a flag, no words at all", async () => {
    expect((await complete("--no-such-flag", "w")).directive).toBe(":4");
    expect((await runMain(["__complete"], { env: {} })).stderr).toBe("");
  });
});
