import { createHash } from "node:crypto";
import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { load } from "js-yaml";
import { packageVersion } from "./build.ts";
import { archiveName, filledManifest, manifestFaults } from "./krew-manifest.ts";
import { platforms } from "./package-platforms.ts";

/** The name of the bill of materials in `build/`. */
export function billName(version: string): string {
  return `kubectl-imagedoctor-${version}.cdx.json`;
}

/**
 * Writes what goes with the archives that lie in `directory`: `checksums.txt` as `sha256sum --check` reads it, and, where the
 * archives of all platforms are there, krew's manifest under the name that krew wants. Gives the files it wrote.
 */
export function finishRelease(directory: string, version: string): string[] {
  const present = readdirSync(directory);
  const archives = platforms.filter(({ name }) => present.includes(archiveName(version, name)));
  const sums = new Map(archives.map(({ name }) => [name, sha256(join(directory, archiveName(version, name)))]));
  const lines = archives.map(({ name }) => `${sums.get(name)}  ${archiveName(version, name)}\n`);
  const bill = join(directory, billName(version));
  if (existsSync(bill)) lines.push(`${sha256(bill)}  ${billName(version)}\n`);
  const checksums = join(directory, "checksums.txt");
  writeFileSync(checksums, lines.join(""));
  if (archives.length < platforms.length) return [checksums];

  const manifest = join(directory, "imagedoctor.yaml");
  const filled = filledManifest(readFileSync("krew-manifest.yaml", "utf8"), version, sums);
  const faults = manifestFaults("imagedoctor", load(filled));
  if (faults.length > 0) throw new Error(`krew would not take the manifest: ${faults.join("; ")}`);
  writeFileSync(manifest, filled);
  return [checksums, manifest];
}

function sha256(file: string): string {
  return createHash("sha256").update(readFileSync(file)).digest("hex");
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? "").href) {
  const made = finishRelease("build", packageVersion());
  if (made.length < 2) throw new Error("build/ does not hold the archives of all platforms");
  console.log(made.join("\n"));
}
