import { execFileSync } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { load } from "js-yaml";
import { afterEach, beforeEach, expect, test } from "vitest";
import { archiveName, manifestFaults } from "../../scripts/krew-manifest.ts";
import { platforms } from "../../scripts/package-platforms.ts";
import { billName, finishRelease } from "../../scripts/package-release.ts";

let directory: string;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), "release-"));
});
afterEach(() => rmSync(directory, { recursive: true }));

function archives(...names: string[]): void {
  for (const name of names) writeFileSync(join(directory, archiveName("1.2.3", name)), `the archive for ${name}`);
}

test("checksums of all archives and the bill of materials, as sha256sum checks them", () => {
  archives(...platforms.map(({ name }) => name));
  writeFileSync(join(directory, billName("1.2.3")), "{}");
  finishRelease(directory, "1.2.3");
  const lines = readFileSync(join(directory, "checksums.txt"), "utf8").trim().split("\n");
  expect(lines).toHaveLength(6);
  expect(lines.every((line) => /^[0-9a-f]{64} {2}kubectl-imagedoctor-1\.2\.3[-.]\S+$/.test(line))).toBe(true);
  if (process.platform !== "linux") return;
  expect(execFileSync("sha256sum", ["--check", "checksums.txt"], { cwd: directory, encoding: "utf8" })).not.toContain(
    "FAILED",
  );
});

test("with all platforms there is a manifest for krew, under the plugin's name", () => {
  archives(...platforms.map(({ name }) => name));
  expect(finishRelease(directory, "1.2.3")).toEqual([
    join(directory, "checksums.txt"),
    join(directory, "imagedoctor.yaml"),
  ]);
  const manifest = readFileSync(join(directory, "imagedoctor.yaml"), "utf8");
  expect(manifestFaults("imagedoctor", load(manifest))).toEqual([]);
  for (const line of readFileSync(join(directory, "checksums.txt"), "utf8").trim().split("\n")) {
    const [sum, name] = line.split("  ");
    expect(manifest).toContain(`/v1.2.3/${name}\n      sha256: "${sum}"\n`);
  }
});

test("without one of them there is none; archives of other versions do not count", () => {
  archives("linux-amd64", "linux-arm64", "darwin-amd64", "darwin-arm64");
  writeFileSync(join(directory, archiveName("1.2.2", "windows-amd64")), "old");
  expect(finishRelease(directory, "1.2.3")).toEqual([join(directory, "checksums.txt")]);
  expect(readdirSync(directory)).not.toContain("imagedoctor.yaml");
  expect(readFileSync(join(directory, "checksums.txt"), "utf8")).not.toContain("1.2.2");
});
