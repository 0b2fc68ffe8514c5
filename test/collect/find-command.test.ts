import { chmod, mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { findCommand } from "../../src/collect/find-command.ts";

let directory: string;
beforeEach(async () => {
  directory = await mkdtemp(path.join(tmpdir(), "command-"));
});
afterEach(() => rm(directory, { recursive: true }));

async function files(...names: readonly string[]): Promise<void> {
  for (const name of names) {
    const file = path.join(directory, name);
    await mkdir(path.dirname(file), { recursive: true });
    await writeFile(file, "");
    await chmod(file, 0o755);
  }
}

const at = (name: string) => path.join(directory, name);

describe("on Windows", () => {
  const find = (command: string, environment: Record<string, string> = {}) =>
    findCommand(command, directory, {
      platform: "win32",
      environment: { PATH: `"${at("one")}";${at("two")}`, ...environment },
    });

  test("a name without an ending is no program: the batch file beside it is", async () => {
    await files("one/login", "one/login.cmd");
    expect(await find("login")).toBe(at("one/login.cmd"));
  });

  test("PATHEXT says which endings are tried, in its order, and a directory with such a name is none", async () => {
    await files("one/login.js", "one/login.bat/there", "two/login.cmd", "two/login.exe");
    expect(await find("login")).toBe(at("two/login.exe"));
    expect(await find("login", { PATHEXT: ".JS;.CMD;EXE" })).toBe(at("two/login.cmd"));
    expect(await find("login", { PATHEXT: ".JS" })).toBeUndefined();
  });

  test("a name with an ending is taken as it is, and with another ending where it is not there", async () => {
    await files("one/login.v2.exe", "two/login.exe", "two/login.exe.cmd");
    expect(await find("login.exe")).toBe(at("two/login.exe"));
    expect(await find("login.v2")).toBe(at("one/login.v2.exe"));
  });

  test("a path gets endings too", async () => {
    await files("bin/login.exe");
    expect(await find("./bin/login")).toBe(at("bin/login.exe"));
  });
});

describe.skipIf(process.platform === "win32")("elsewhere", () => {
  const find = (command: string) =>
    findCommand(command, directory, { environment: { PATH: `${at("one")}:${at("two")}` } });

  test("only what may be run and is a file is found, by its whole name", async () => {
    await files("one/login/there", "one/other", "one/third.exe", "two/login", "two/other");
    await chmod(at("one/other"), 0o644);
    expect(await find("login")).toBe(at("two/login"));
    expect(await find("other")).toBe(at("two/other"));
    expect(await find("third")).toBeUndefined();
  });
});
