import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { expect, test } from "vitest";
import { batchCommand, isBatchFile } from "../../src/collect/batch-command.ts";
import { runExecPlugin } from "../../src/collect/exec-plugin.ts";

test.each([
  ["C:\\bin\\login.cmd", true],
  ["C:\\bin\\LOGIN.BAT", true],
  ["C:\\bin\\login.exe", false],
  ["C:\\bin.cmd\\login", false],
])("%s is a batch file: %s", (file, expected) => {
  expect(isBatchFile(file)).toBe(expected);
});

test("the system's own interpreter runs it, without its user's start-up commands", () => {
  expect(batchCommand("C:\\Program Files\\aws.cmd", ["eks", "get-token"], "D:\\Windows")).toEqual({
    file: "D:\\Windows\\System32\\cmd.exe",
    args: ["/d", "/e:on", "/v:off", "/s", "/c", '""C:\\Program Files\\aws.cmd" "eks" "get-token""'],
  });
});

test.each([
  ["a & b | c > d ^ e (f) !g!", '"a & b | c > d ^ e (f) !g!"'],
  ["", '""'],
  ['say "so"', '"say ""so"""'],
  ["C:\\dir\\", '"C:\\dir\\\\"'],
  ['\\"', '"\\\\"""'],
  ["%PATH%", '"%%cd:~,%PATH%%cd:~,%"'],
])("the argument %j stays what it is: %s", (argument, written) => {
  expect(batchCommand("login.cmd", [argument])?.args.at(-1)).toBe(`""login.cmd" ${written}"`);
});

test.each(["a\nb", "a\rb", "a\0b"])("an argument that ends the line is refused: %j", (argument) => {
  expect(batchCommand("login.cmd", [argument])).toBeUndefined();
});

test.runIf(process.platform === "win32")("a batch file of a kubeconfig runs, and its arguments arrive", async () => {
  const directory = await mkdtemp(path.join(tmpdir(), "batch & so "));
  const apiVersion = "client.authentication.k8s.io/v1";
  const login = `console.log(JSON.stringify({ kind: "ExecCredential", apiVersion: ${JSON.stringify(apiVersion)},
    status: { token: JSON.stringify([process.argv.slice(2), process.env.Extra]) } }));`;
  await writeFile(path.join(directory, "login.js"), login);
  await writeFile(path.join(directory, "login.cmd"), `@"${process.execPath}" "%~dp0login.js" %*\r\n`);
  const args = ["a & calc", "%PATH%", "", 'say "so"', "C:\\dir\\", "100%"];
  const spec = { apiVersion, command: "login", args, env: [{ name: "Extra", value: "mine" }] };
  const environment = { PATH: directory, SystemRoot: process.env["SystemRoot"], EXTRA: "theirs" };
  const { token } = await runExecPlugin(spec, directory, undefined, { platform: "win32", environment });
  expect(JSON.parse(token ?? "")).toEqual([args, "mine"]);
  await rm(directory, { recursive: true });
});
