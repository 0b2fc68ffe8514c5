import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { entriesOf } from "./package-archive.ts";
import { namedPlatform, type Platform, pinnedNode } from "./package-platforms.ts";

const cache = join("build", "cache");

/** The Node.js executable for a platform, out of the npm registry's package, checked against the pinned integrity. */
export function nodeFor(platform: Platform): Buffer {
  return fileOf(platform, platform.system.startsWith("win32") ? "package/bin/node.exe" : "package/bin/node");
}

/** Node.js' licence, with those of all that is in it. The Windows package leaves it out, and it is the same everywhere. */
export function nodeLicense(): string {
  return fileOf(namedPlatform("linux-amd64"), "package/LICENSE").toString("utf8");
}

function fileOf(platform: Platform, path: string): Buffer {
  const [entry] = entriesOf(tarball(platform), (found) => found === path);
  if (entry === undefined) throw new Error(`${platform.npm}@${pinnedNode} has no ${path}`);
  return entry.data;
}

function tarball({ npm, integrity }: Platform): Buffer {
  const file = join(cache, `${npm}-${pinnedNode}.tgz`);
  if (!existsSync(file)) {
    mkdirSync(cache, { recursive: true });
    execFileSync("npm", ["pack", "--silent", "--prefer-offline", "--pack-destination", cache, `${npm}@${pinnedNode}`], {
      stdio: ["ignore", "ignore", "inherit"],
      // npm is a command script there, which only a shell starts.
      shell: process.platform === "win32",
    });
  }
  const packed = readFileSync(file);
  const found = `sha512-${createHash("sha512").update(packed).digest("base64")}`;
  if (found !== integrity) throw new Error(`${file} has the integrity ${found}, not ${integrity}`);
  return packed;
}

/** The pinned Node.js of this machine, which makes the executables: only the same one takes their snapshot. */
export function buildingNode(): string {
  const packageFile = createRequire(import.meta.url).resolve("node/package.json");
  const pinned = join(dirname(packageFile), "bin", process.platform === "win32" ? "node.exe" : "node");
  const executable = existsSync(pinned) ? pinned : process.execPath;
  const version = execFileSync(executable, ["--version"], { encoding: "utf8" }).trim();
  if (version !== `v${pinnedNode}`) throw new Error(`${executable} is ${version}, not v${pinnedNode}`);
  return executable;
}
