import { execFileSync, spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { publint } from "publint";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { packageVersion } from "../../scripts/build.ts";
import { type Entry, entriesOf } from "../../scripts/package-archive.ts";
import { bundledPackages } from "../../scripts/package-contents.ts";

describe("the npm package", () => {
  let directory: string;
  let tarball: Buffer;
  let entries: Entry[];

  beforeAll(() => {
    directory = mkdtempSync(join(tmpdir(), "npm-package-"));
    // npm builds first: the package's own script for that is prepack.
    execFileSync("npm", ["pack", "--silent", "--pack-destination", directory], {
      stdio: "ignore",
      shell: process.platform === "win32",
    });
    tarball = readFileSync(join(directory, readdirSync(directory)[0] ?? ""));
    entries = entriesOf(tarball);
    for (const { path, data, mode } of entries) {
      mkdirSync(dirname(join(directory, path)), { recursive: true });
      writeFileSync(join(directory, path), data, { mode });
    }
  }, 60_000);
  afterAll(() => rmSync(directory, { recursive: true }));

  test("holds the program in one file, with the licences of what is in it, README, LICENSE and package.json", () => {
    const program = ["dist/kubectl-imagedoctor.mjs", "dist/third-party-licenses.txt"];
    const names = ["LICENSE", "README.md", ...program, "package.json"];
    expect(entries.map(({ path }) => path).sort()).toEqual(names.map((name) => `package/${name}`));
  });

  test("names every package that is bundled, with the words of its licence", async () => {
    const text = entries.find(({ path }) => path.endsWith("third-party-licenses.txt"))?.data.toString("utf8") ?? "";
    const titles = text.match(/^This program contains .+ \d+\.\d+\.\d+:$/gm) ?? [];
    expect(titles).toHaveLength((await bundledPackages()).length);
    expect(titles).toContainEqual(expect.stringMatching(/ undici /));
    expect(
      text.match(/Permission is hereby granted|Apache License|Licensed under|Redistribution and use/g)?.length,
    ).toBeGreaterThanOrEqual(titles.length);
  });

  test("depends on nothing, and runs nothing when it is installed", () => {
    const manifest: Record<string, Record<string, unknown>> = JSON.parse(
      readFileSync(join(directory, "package", "package.json"), "utf8"),
    );
    for (const field of ["dependencies", "peerDependencies", "optionalDependencies", "bundleDependencies"]) {
      expect(manifest).not.toHaveProperty(field);
    }
    for (const script of ["preinstall", "install", "postinstall"])
      expect(manifest["scripts"]).not.toHaveProperty(script);
  });

  test("has nothing that publint objects to", async () => {
    const { buffer, byteOffset, byteLength } = tarball;
    const packed = new Uint8Array(buffer, byteOffset, byteLength).slice().buffer;
    const { messages } = await publint({ pack: { tarball: packed }, strict: true });
    expect(messages).toEqual([]);
  });

  test("runs where no other package is", () => {
    const program = join(directory, "package", "dist", "kubectl-imagedoctor.mjs");
    const run = (...args: string[]) =>
      spawnSync(process.execPath, [program, ...args], { encoding: "utf8", cwd: directory, env: {} });
    expect(run("version")).toMatchObject({
      status: 0,
      stdout: `kubectl-imagedoctor ${packageVersion()}\n`,
      stderr: "",
    });
    expect(run("explain", "rate-limited")).toMatchObject({ status: 0, stderr: "" });
    expect(run("web-1", "--kubeconfig", "/does/not/exist")).toMatchObject({ status: 3, stdout: "" });
    expect(run("explain", "--message", "pull QPS exceeded")).toMatchObject({ status: 0, stderr: "" });
    // Windows has no such right to pack.
    if (process.platform !== "win32") {
      expect(entries.find(({ path }) => path.endsWith(".mjs"))?.mode).toBe(0o755);
    }
  });

  test("U3: an older Node.js is told its age in words, before anything else happens", () => {
    const program = join(directory, "package", "dist", "kubectl-imagedoctor.mjs");
    // The first line sees another version; what comes after it is this Node's.
    const asIf = (version: string, ...args: string[]) => {
      const preload = join(directory, "old.cjs");
      writeFileSync(
        preload,
        `Object.defineProperty(process, "versions", { value: { ...process.versions, node: "${version}" } });`,
      );
      return spawnSync(process.execPath, ["--require", preload, program, ...args], { encoding: "utf8", env: {} });
    };
    for (const version of ["18.20.8", "20.20.2", "22.18.9"]) {
      const { status, stdout, stderr } = asIf(version, "version");
      expect({ status, stdout }).toEqual({ status: 2, stdout: "" });
      expect(stderr).toBe(
        `error: Node.js ${version} is too old: kubectl-imagedoctor needs 22.19 or newer\nInstall a newer Node.js, or the executable of the release, which brings its own.\n`,
      );
    }
    for (const version of ["22.19.0", "24.0.0", "100.1.2"]) expect(asIf(version, "version").status).toBe(0);
    // Modules of Node are resolved before the first line runs, and an old one lacks some of what is asked of them.
    const text = readFileSync(program, "utf8");
    const imported = [...text.matchAll(/\bimport\s*(?:[\w$*{][^;"'()]*from\s*)?["']([^"']+)["']/g)].map(
      ([, name]) => name,
    );
    expect(imported).toEqual(["node:module"]);
  });
});
