import { execFileSync } from "node:child_process";
import { copyFileSync, mkdtempSync, readFileSync, rmSync, symlinkSync, utimesSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { afterAll, beforeAll, expect, test } from "vitest";
import { snapshotFlags } from "../../scripts/package-executable.ts";
import { buildingNode } from "../../scripts/package-node.ts";

let directory: string;
beforeAll(() => {
  // Beside the project, for other tests read what it bundles to.
  directory = mkdtempSync(join(tmpdir(), "start-"));
  // Windows gives no right to make other links than junctions, and those to directories alone.
  for (const name of ["src", "scripts", "node_modules"]) symlinkSync(resolve(name), join(directory, name), "junction");
  copyFileSync("package.json", join(directory, "package.json"));
  const build = pathToFileURL(resolve("scripts", "build.ts")).href;
  run("--input-type=module", "-e", `const { bundle } = await import(${JSON.stringify(build)}); await bundle();`);
}, 60_000);
afterAll(() => rmSync(directory, { recursive: true }));

function run(...args: string[]): void {
  execFileSync(buildingNode(), ["--no-warnings", ...args], { cwd: directory, stdio: ["ignore", "ignore", "inherit"] });
}

test("what Node.js compiled while the snapshot was made is good for the process that starts from it", () => {
  const tag = (flags: readonly string[]) =>
    execFileSync(buildingNode(), [...flags, "-p", "v8.cachedDataVersionTag()"], { encoding: "utf8" });
  expect(tag(snapshotFlags.making)).toBe(tag(snapshotFlags.starting));
  expect(tag([...snapshotFlags.starting, "--no-opt"])).not.toBe(tag(snapshotFlags.starting));
});

test("the programs are written in ASCII: a single wider character doubles what each start reads", () => {
  const written = ["-snapshot.cjs", "-rare.cjs", ".cjs", ".mjs"].map((end) =>
    readFileSync(join(directory, "dist", `kubectl-imagedoctor${end}`), "utf8"),
  );
  expect(written.flatMap((text) => text.match(/[^\p{ASCII}]/gu) ?? [])).toEqual([]);
  // Not by having none in the sources.
  expect(written.every((text) => /\\u[0-9a-f]{4}/i.test(text))).toBe(true);
});

test("what few runs need stands beside what every start reads", () => {
  const [start = "", rare = ""] = ["snapshot", "rare"].map((name) =>
    readFileSync(join(directory, "dist", `kubectl-imagedoctor-${name}.cjs`), "utf8"),
  );
  const holds = (mark: string) => [start.includes(mark), rare.includes(mark)];
  for (const mark of ["bouncingBar", "<testsuites", "Invalid TOML document", "SocksClient"])
    expect(holds(mark), mark).toEqual([false, true]);
  // WebAssembly as text.
  expect(holds("AGFzbQEAAAA")).toEqual([false, false]);
  expect(start.length).toBeLessThan(1_000_000);
});

test("what becomes a snapshot makes no path of a URL, for which Node.js opens a second global scope on Windows", () => {
  const program = readFileSync(join(directory, "dist", "kubectl-imagedoctor-snapshot.cjs"), "utf8");
  expect(program).not.toMatch(/fileURLToPath|file:\/\/\//);
});

/** The loaded program as the executable starts from it, taken by a process of its own. */
function snapshot(): Buffer {
  const blob = join(directory, "snapshot.blob");
  const main = join("dist", "kubectl-imagedoctor-snapshot.cjs");
  run(...snapshotFlags.making, "--snapshot-blob", blob, "--build-snapshot", main);
  return readFileSync(blob);
}

test.runIf(process.platform === "linux")(
  "the loaded program is the same each time, whenever and by whichever process it is loaded",
  { timeout: 60_000 },
  () => {
    const first = snapshot();
    // As in a directory that was made on another day.
    utimesSync(directory, 1_000_000_000, 1_000_000_000);
    expect(snapshot().equals(first)).toBe(true);
  },
);
