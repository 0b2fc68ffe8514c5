import { mkdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { bundle, packageVersion } from "./build.ts";
import { archiveName } from "./krew-manifest.ts";
import { archiveOf } from "./package-archive.ts";
import { billOfMaterials, bundledPackages, licenses } from "./package-contents.ts";
import { makeExecutable } from "./package-executable.ts";
import { buildingNode } from "./package-node.ts";
import { hostPlatform, namedPlatform, platforms } from "./package-platforms.ts";
import { billName, finishRelease } from "./package-release.ts";

/**
 * Makes the single executable of this platform, and its archive: the executable and LICENSE, nothing else, the same bytes
 * each time; beside it checksums, a bill of materials and, with `--all`, krew's manifest.
 *
 *   npm run package                                 # for this platform
 *   npm run package -- --all                        # for every platform, without a start-up snapshot on the others
 *   npm run package -- --platform linux-arm64       # for that one
 *   npm run package -- --executable-only            # no archive
 */
const { values } = parseArgs({
  options: {
    all: { type: "boolean", default: false },
    platform: { type: "string", multiple: true, default: [] },
    "executable-only": { type: "boolean", default: false },
  },
});
const named = values.platform.map(namedPlatform);
const chosen = values.all ? platforms : named.length > 0 ? named : [hostPlatform()];
const version = packageVersion();

mkdirSync("build", { recursive: true });
const mains = await bundle();
const packages = values["executable-only"] ? [] : await bundledPackages();
for (const platform of chosen) {
  const executable = makeExecutable(mains, platform);
  say(executable);
  if (platform.system.startsWith("darwin") && process.platform !== "darwin") {
    console.log("  not signed: only a Mac can, and macOS does not start it so on Apple silicon");
  }
  if (values["executable-only"]) continue;
  const archive = join("build", archiveName(version, platform.name));
  writeFileSync(
    archive,
    archiveOf([
      { path: "LICENSE", data: Buffer.from(licenses(packages)), mode: 0o644 },
      { path: platform.executable, data: readFileSync(executable), mode: 0o755 },
    ]),
  );
  say(archive);
}
if (!values["executable-only"]) {
  const bill = join("build", billName(version));
  writeFileSync(bill, billOfMaterials(packages, buildingNode()));
  for (const file of [bill, ...finishRelease("build", version)]) say(file);
}

function say(file: string): void {
  console.log(`${file}  ${(statSync(file).size / 1_000_000).toFixed(1)} MB`);
}
