import {
  chmodSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { podObject } from "../collect/sample-objects.ts";
import { type ApiServer, startApiServer } from "../support/api-server.ts";
import { writeKubeconfig } from "../support/kubeconfig.ts";
import { runMain } from "../support/run-cli.ts";

let directory: string;
let server: ApiServer;
let kubeconfig: string;

beforeAll(async () => {
  const image = `registry.example.invalid/${"team/".repeat(12)}web:v1`;
  server = await startApiServer({ objects: [podObject({ name: "web-1", image })] });
});
afterAll(() => server.close());
beforeEach(async () => {
  directory = mkdtempSync(path.join(tmpdir(), "report-"));
  mkdirSync(path.join(directory, "out"));
  kubeconfig = await writeKubeconfig(server, directory, { namespace: "shop" });
});
afterEach(() => rmSync(directory, { recursive: true }));

const out = (name: string) => path.join(directory, "out", name);

function run(file: string, ...argv: readonly string[]) {
  const options = { env: { KUBECONFIG: kubeconfig }, terminal: 40 };
  return runMain(["web-1", "--no-probe", "--output-file", file, ...argv], options);
}

describe("--output-file", () => {
  test("gets the report, for its owner alone, without colours and not as wide as the terminal; stdout gets nothing", async () => {
    expect(await run(out("report.txt"))).toMatchObject({ code: 1, stdout: "" });
    const text = readFileSync(out("report.txt"), "utf8");
    expect(text).toMatch(/^[✗?] \S/);
    expect(text).not.toContain("\u001b");
    expect(Math.max(...text.split("\n").map((line) => line.length))).toBeGreaterThan(60);
    if (process.platform !== "win32") expect(statSync(out("report.txt")).mode & 0o777).toBe(0o600);
  });

  test("gets colours where they are asked for", async () => {
    await run(out("report.txt"), "--color", "always");
    expect(readFileSync(out("report.txt"), "utf8")).toContain("\u001b[");
  });

  test("named - is stdout, as wide as the terminal", async () => {
    const { stdout } = await run("-");
    expect(stdout).toMatch(/[✗?]/);
    expect(readdirSync(path.join(directory, "out"))).toEqual([]);
  });

  test.each([
    ["a file that is there", "there", /there is there already\nChoose another name, or add --force\.\n$/],
    ["a link, wherever it leads", "link", /link is there already/],
    ["a directory that is not there", "no/where", /cannot be written \(no such file or directory\)/],
  ])("%s is refused before the cluster is asked", async (_, name, expected) => {
    writeFileSync(out("there"), "kept");
    symlinkSync("/does/not/exist", out("link"));
    const before = server.requests.length;
    const { code, stdout, stderr } = await run(out(name));
    expect({ code, stdout }).toEqual({ code: 2, stdout: "" });
    expect(stderr).toMatch(expected);
    expect(server.requests.length).toBe(before);
    expect(readFileSync(out("there"), "utf8")).toBe("kept");
  });

  test("--force overwrites a file, but no directory", async () => {
    writeFileSync(out("there"), "old");
    chmodSync(out("there"), 0o644);
    expect(await run(out("there"), "--force")).toMatchObject({ code: 1 });
    expect(readFileSync(out("there"), "utf8")).not.toContain("old");
    expect(await run(path.join(directory, "out"), "--force")).toMatchObject({ code: 2 });
  });
});
