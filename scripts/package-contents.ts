import { execFileSync } from "node:child_process";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { bundledFiles, packageVersion } from "./build.ts";
import { nodeLicense } from "./package-node.ts";
import { pinnedNode } from "./package-platforms.ts";

/** A package whose code is in the bundle: its directory, relative to the repository, with slashes. */
export type BundledPackage = string;

/** The packages that the program is bundled from, in order of their paths; of several installed copies of a version the first. */
export async function bundledPackages(): Promise<BundledPackage[]> {
  const directories = (await bundledFiles()).map(
    (path) => /^(?:.*\/)?node_modules\/(?:@[^/]+\/)?[^/]+/.exec(path)?.[0],
  );
  const sorted = [...new Set(directories.filter((directory) => directory !== undefined))].sort();
  const first = new Map(sorted.toReversed().map((directory) => [titleOf(directory), directory]));
  return sorted.filter((directory) => first.get(titleOf(directory)) === directory);
}

/** What the archive's LICENSE says: ours, then those of all that is in the executable. */
export function licenses(packages: readonly BundledPackage[]): string {
  const ours = readFileSync("LICENSE", "utf8").trim();
  return `${ours}\n\n${bundledLicenses(packages)}\n${titled(`Node.js ${pinnedNode}`, nodeLicense())}\n`;
}

/** The licences of packages whose code is in the bundle, each under its name and version. */
export function bundledLicenses(packages: readonly BundledPackage[]): string {
  const parts = packages.map((directory) => {
    const file = readdirSync(directory).find((name) => /^(licen[cs]e|copying)(\.|-|$)/i.test(name));
    const text = file === undefined ? licenseName(directory) : readFileSync(join(directory, file), "utf8");
    return titled(titleOf(directory), text);
  });
  return `${parts.join("\n\n")}\n`;
}

function titled(title: string, text: string): string {
  return `${"-".repeat(80)}\nThis program contains ${title}:\n\n${text.replaceAll("\r\n", "\n").trim()}`;
}

function licenseName(directory: string): string {
  return `Licensed under ${field(directory, "license")}.`;
}

/**
 * A CycloneDX bill of materials of the executable: npm's own entries for what is bundled, and Node.js with what is in it.
 * npm lists everything that is installed, and puts the time and a random number in; without these the same sources give the
 * same bytes.
 */
export function billOfMaterials(packages: readonly BundledPackage[], node: string): string {
  const bill = record(JSON.parse(npm("sbom", "--sbom-format", "cyclonedx", "--sbom-type", "application")));
  const names = new Set(packages.map((directory) => titleOf(directory).replace(" ", "@")));
  const { lifecycles, tools, component } = record(bill["metadata"]);
  const bundled = once(list(bill["components"]), "bom-ref").filter((found) => names.has(String(found["bom-ref"])));
  const references = new Set(bundled.map((found) => String(found["bom-ref"])));
  const root = `kubectl-imagedoctor@${packageVersion()}`;
  const runtime = runtimeComponents(node);
  return `${JSON.stringify(
    {
      $schema: bill["$schema"],
      bomFormat: bill["bomFormat"],
      specVersion: bill["specVersion"],
      version: 1,
      metadata: { lifecycles, tools, component: { ...record(component), name: "kubectl-imagedoctor" } },
      components: [
        ...bundled.map(({ scope: _scope, properties: _properties, ...found }) => ({ ...found, scope: "required" })),
        ...runtime,
      ],
      dependencies: [
        { ref: root, dependsOn: [...references, `node@${pinnedNode}`] },
        ...once(list(bill["dependencies"]), "ref")
          .filter(({ ref }) => references.has(String(ref)))
          .map(({ ref, dependsOn }) => ({
            ref,
            dependsOn: (Array.isArray(dependsOn) ? dependsOn : []).filter((other) => references.has(String(other))),
          })),
        {
          ref: `node@${pinnedNode}`,
          dependsOn: runtime.map((found) => found["bom-ref"]).filter((ref) => ref !== `node@${pinnedNode}`),
        },
      ],
    },
    null,
    2,
  )}\n`;
}

/** npm 10 lists a version as often as it is installed, npm 11 once. */
function once(entries: readonly Readonly<Record<string, unknown>>[], key: string) {
  return [...new Map(entries.toReversed().map((entry) => [entry[key], entry])).values()].reverse();
}

/** Node.js and the libraries that it says it is made of (`process.versions`). */
function runtimeComponents(node: string): { readonly "bom-ref": string }[] {
  const versions = record(
    JSON.parse(execFileSync(node, ["-p", "JSON.stringify(process.versions)"], { encoding: "utf8" })),
  );
  return Object.entries(versions)
    .filter(([, version]) => version !== "")
    .filter(([name]) => name !== "modules" && name !== "napi" && !name.includes("unicode") && !name.includes("cldr"))
    .map(([name, version]) => ({
      // Some of them are npm packages too, and a reference must be the only one of its name.
      "bom-ref": name === "node" ? `node@${String(version)}` : `node/${name}@${String(version)}`,
      type: name === "node" ? "platform" : "library",
      name,
      version: String(version),
      purl: `pkg:generic/${encodeURIComponent(name)}@${encodeURIComponent(String(version))}`,
    }));
}

function npm(...args: string[]): string {
  return execFileSync("npm", args, {
    encoding: "utf8",
    maxBuffer: 1 << 26,
    stdio: ["ignore", "pipe", "inherit"],
    shell: process.platform === "win32",
  });
}

/** `undici 8.13.1` */
function titleOf(directory: string): string {
  return `${field(directory, "name")} ${field(directory, "version")}`;
}

function field(directory: string, name: string): string {
  const file = join(directory, "package.json");
  if (!existsSync(file)) throw new Error(`${dirname(file)} has no package.json`);
  return String(record(JSON.parse(readFileSync(file, "utf8")))[name]);
}

function record(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null ? { ...value } : {};
}

function list(value: unknown): Readonly<Record<string, unknown>>[] {
  return Array.isArray(value) ? value.map(record) : [];
}
