import { execFileSync } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { archiveOf, entriesOf } from "../../scripts/package-archive.ts";

const files = [
  { path: "LICENSE", data: Buffer.from("Apache-2.0\n"), mode: 0o644 },
  { path: "kubectl-imagedoctor", data: Buffer.alloc(1025, "x"), mode: 0o755 },
];
let directory: string;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), "archive-"));
});
afterEach(() => rmSync(directory, { recursive: true }));

/** An archive that the system's tar makes of what is in the directory. */
function tarOf(...names: string[]): Buffer {
  return execFileSync("tar", ["-czf", "-", "-C", directory, ...names], { stdio: ["ignore", "pipe", "ignore"] });
}

describe("an archive", () => {
  test("has the same bytes each time, and no time or owner in it", () => {
    expect(archiveOf(files).equals(archiveOf(files))).toBe(true);
    expect(archiveOf(files).readUInt32LE(4)).toBe(0);
    expect(archiveOf(files)[9]).toBe(255);
  });

  test("is read back as it was made", () => {
    expect(entriesOf(archiveOf(files))).toEqual(files);
    expect(entriesOf(archiveOf(files), (path) => path === "LICENSE")).toEqual(files.slice(0, 1));
  });

  test("is unpacked by tar, with the executable's mode", () => {
    execFileSync("tar", ["-xzf", "-"], { cwd: directory, input: archiveOf(files) });
    expect(readdirSync(directory).sort()).toEqual(["LICENSE", "kubectl-imagedoctor"]);
    for (const { path, data, mode } of files) {
      expect(readFileSync(join(directory, path)).equals(data)).toBe(true);
      if (process.platform !== "win32") expect(statSync(join(directory, path)).mode & 0o777).toBe(mode);
    }
  });

  test("takes no name that a header cannot hold", () => {
    expect(() => archiveOf([{ path: "x".repeat(101), data: Buffer.alloc(0), mode: 0o644 }])).toThrow("too long");
  });
});

describe.skipIf(process.platform === "win32")("what krew would not unpack", () => {
  test("a symbolic link", () => {
    symlinkSync("/etc/passwd", join(directory, "LICENSE"));
    expect(() => entriesOf(tarOf("LICENSE"))).toThrow("LICENSE is neither a file nor a directory");
  });

  test.each(["a..b", "/LICENSE", "../LICENSE", "\\LICENSE"])("the path %s", (path) => {
    expect(() => entriesOf(archiveOf([{ path, data: Buffer.alloc(0), mode: 0o644 }]))).toThrow("leaves the directory");
  });

  test("directories are no entries", () => {
    writeFileSync(join(directory, "LICENSE"), "x");
    expect(entriesOf(tarOf(".")).map(({ path }) => path)).toEqual(["./LICENSE"]);
  });
});
