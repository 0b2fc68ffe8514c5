import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { chmodSync, copyFileSync, existsSync, mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { bundle, packageVersion } from "./build.ts";

/**
 * Makes the single executable of this platform and its archive: the executable and LICENSE, nothing else, the same bytes
 * each time. `npm run package -- --executable-only` stops before the archive.
 */
const name = "kubectl-imagedoctor";
const platform = `${process.platform === "win32" ? "windows" : process.platform}-${process.arch === "x64" ? "amd64" : process.arch}`;
const outDirectory = join("build", platform);

const { executable: main } = await bundle();
rmSync(outDirectory, { recursive: true, force: true });
mkdirSync(outDirectory, { recursive: true });
const executable = join(outDirectory, process.platform === "win32" ? `${name}.exe` : name);
buildExecutable(main, executable);
if (!process.argv.includes("--executable-only")) archive();

function buildExecutable(from: string, to: string): void {
  const configuration = join(outDirectory, "sea.json");
  writeFileSync(
    configuration,
    JSON.stringify({
      main: from,
      output: to,
      executable: strippedNode(),
      disableExperimentalSEAWarning: true,
      useCodeCache: true,
      execArgv: ["--no-warnings"],
      execArgvExtension: "none",
    }),
  );
  execFileSync(process.execPath, ["--build-sea", configuration], { stdio: ["ignore", "ignore", "inherit"] });
  rmSync(configuration);
  rmSync(join(outDirectory, "node"), { force: true });
  chmodSync(to, 0o755);
  const said = execFileSync(to, ["version"], { encoding: "utf8", env: {} });
  if (!said.includes(packageVersion())) throw new Error(`the executable says ${said}`);
  console.log(`${to}  ${megabytes(statSync(to).size)} MB`);
}

/** The node that this script runs on, without debug symbols where `strip` is at hand. */
function strippedNode(): string {
  const copy = join(outDirectory, "node");
  copyFileSync(nodeBinary(), copy);
  if (process.platform === "linux") {
    try {
      execFileSync("strip", ["--strip-all", copy], { stdio: "ignore" });
    } catch {
      // Larger, and works the same.
    }
  }
  return copy;
}

function nodeBinary(): string {
  const require = createRequire(import.meta.url);
  const pinned = join(
    require.resolve("node/package.json"),
    "..",
    "bin",
    process.platform === "win32" ? "node.exe" : "node",
  );
  return existsSync(pinned) ? pinned : process.execPath;
}

function archive(): void {
  const tar = tarball([
    { path: "LICENSE", data: readFileSync("LICENSE"), mode: 0o644 },
    { path: process.platform === "win32" ? `${name}.exe` : name, data: readFileSync(executable), mode: 0o755 },
  ]);
  const file = join("build", `${name}-${packageVersion()}-${platform}.tar.gz`);
  const packed = gzipSync(tar, { level: 9 });
  // Byte 9 of a gzip header names the system that made it; "unknown" on all of them.
  packed[9] = 255;
  writeFileSync(file, packed);
  const sum = createHash("sha256").update(packed).digest("hex");
  writeFileSync(`${file}.sha256`, `${sum}  ${name}-${packageVersion()}-${platform}.tar.gz\n`);
  console.log(`${file}  ${megabytes(packed.length)} MB\nsha256 ${sum}`);
}

/** A ustar archive with fixed owner and time: the same bytes from the same files. */
function tarball(files: readonly { path: string; data: Buffer; mode: number }[]): Buffer {
  const blocks: Buffer[] = [];
  for (const { path, data, mode } of files) {
    const header = Buffer.alloc(512);
    header.write(path, 0, 100, "utf8");
    header.write(`${mode.toString(8).padStart(7, "0")}\0`, 100);
    header.write("0000000\0".repeat(2), 108);
    header.write(`${data.length.toString(8).padStart(11, "0")}\0`, 124);
    header.write("00000000000\0", 136);
    header.write("        ", 148);
    header.write("0", 156);
    header.write("ustar\0" + "00", 257);
    const sum = header.reduce((total, byte) => total + byte, 0);
    header.write(`${sum.toString(8).padStart(6, "0")}\0 `, 148);
    blocks.push(header, data, Buffer.alloc((512 - (data.length % 512)) % 512));
  }
  return Buffer.concat([...blocks, Buffer.alloc(1024)]);
}

function megabytes(bytes: number): string {
  return (bytes / 1_000_000).toFixed(1);
}
