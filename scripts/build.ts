import { execFileSync } from "node:child_process";
import { chmodSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { createRequire, isBuiltin } from "node:module";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { type BuildOptions, build, type Plugin } from "esbuild";
import { lazyBuiltins } from "./build-lazy-builtins.ts";
import { buildInTwo } from "./build-rare.ts";
import { trimClient, trimExamples, trimParser, trimSnapshot, trimTable, trimUndici } from "./build-trim.ts";

const require = createRequire(import.meta.url);

/** The version in package.json, the only place where it is written. */
export function packageVersion(): string {
  const parsed: unknown = JSON.parse(readFileSync("package.json", "utf8"));
  if (typeof parsed === "object" && parsed !== null && "version" in parsed && typeof parsed.version === "string") {
    return parsed.version;
  }
  throw new Error("package.json has no version");
}

function commit(): string {
  try {
    return execFileSync("git", ["rev-parse", "--short=12", "HEAD"], { encoding: "utf8" }).trim();
  } catch {
    return "unknown";
  }
}

/**
 * Node's own modules are required where they are first used. An `import` of them would be resolved before the first line runs:
 * an old Node.js would then speak of a missing export instead of its age, and `version` would load TLS.
 */
const requireBuiltins: Plugin = {
  name: "require-builtins",
  setup(builder) {
    builder.onResolve({ filter: /^[a-z]/ }, ({ path, kind, namespace }) =>
      kind === "import-statement" && namespace !== "builtin" && isBuiltin(path)
        ? { path, namespace: "builtin" }
        : undefined,
    );
    builder.onLoad({ filter: /.*/, namespace: "builtin" }, ({ path }) => ({
      contents: `module.exports = require(${JSON.stringify(path)});`,
      loader: "js",
    }));
  },
};

/** The first line of the npm package, in words that any Node.js understands. */
function nodeCheck(): string {
  const [major, minor] = leastNode();
  return (
    `var [nodeMajor,nodeMinor]=process.versions.node.split(".").map(Number);` +
    `if(nodeMajor<${major}||nodeMajor===${major}&&nodeMinor<${minor}){` +
    `process.stderr.write("error: Node.js "+process.versions.node+" is too old: kubectl-imagedoctor needs ${major}.${minor} or newer\\n` +
    `Install a newer Node.js, or the executable of the release, which brings its own.\\n");process.exit(2)}`
  );
}

/** The oldest Node.js of package.json's engines, the only place where it is written. */
function leastNode(): readonly [major: number, minor: number] {
  const written = /"node": ">=(\d+)\.(\d+)"/.exec(readFileSync("package.json", "utf8"));
  if (written === null) throw new Error("package.json's engines name no oldest Node.js");
  return [Number(written[1]), Number(written[2])];
}

/** What the bundles have in common. */
function options(): BuildOptions {
  return {
    entryPoints: ["src/cli/entry.ts"],
    bundle: true,
    platform: "node",
    target: "node22.19",
    minify: true,
    legalComments: "none",
    define: {
      IMAGEDOCTOR_VERSION: JSON.stringify(packageVersion()),
      IMAGEDOCTOR_COMMIT: JSON.stringify(commit()),
      // undici leaves its experimental parser out where this is defined, as Node.js' own build of it does.
      esbuildDetection: "1",
    },
    plugins: [trimClient, trimExamples, trimParser, trimTable, trimUndici],
    logLevel: "warning",
  };
}

/**
 * Where libraries in the executable take themselves to stand: absolute on Windows as well as elsewhere, or they throw as soon as
 * they are loaded. A path and no URL: Node.js makes a path of one, on Windows in a second global scope, and then takes no snapshot.
 */
export const executablePath = "/kubectl-imagedoctor";

function executableOptions(): BuildOptions {
  return {
    ...options(),
    format: "cjs",
    supported: { "dynamic-import": false },
    define: { ...options().define, "import.meta.url": JSON.stringify(executablePath) },
  };
}

/** Paths of the files whose code is in the executable's bundle, relative to the repository. */
export async function bundledFiles(): Promise<string[]> {
  const { metafile } = await build({ ...executableOptions(), outdir: "dist", write: false, metafile: true });
  return Object.values(metafile.outputs).flatMap(({ inputs }) =>
    Object.entries(inputs).flatMap(([path, { bytesInOutput }]) => (bytesInOutput > 0 ? [path] : [])),
  );
}

export interface Bundles {
  readonly npm: string;
  /** For a single executable that loads it at each start. */
  readonly executable: string;
  /** For a single executable that starts from a snapshot. */
  readonly snapshot: string;
  /** Files that such an executable has beside it, by their names in it. */
  readonly assets: Readonly<Record<string, string>>;
}

/**
 * One character beyond Latin 1 makes V8 keep the whole program in two bytes for each: 1 ms of every start. The only ones that the
 * bundler leaves as they are stand in regular expressions, where they may be written as escapes.
 */
function inAscii(file: string): void {
  const escaped = (character: string) => `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`;
  writeFileSync(
    file,
    readFileSync(file, "utf8").replace(/[^\p{ASCII}]/gu, (found) => found.split("").map(escaped).join("")),
  );
}

/**
 * esbuild gives each importer of a CommonJS module a copy of the module's names, with a getter for each, and a snapshot reads all
 * of them at each start. One copy for all importers is as good.
 */
function copyNamesOnce(file: string): void {
  const text = readFileSync(file, "utf8");
  const copier = /\b([\w$]+)=(\(([\w$]+),([\w$]+),([\w$]+)\)=>\(\5=\3!=null\?.*?\5,\3\)\))/;
  const once = text.replace(
    copier,
    "copiedNames=new Map,copyNames=$2," +
      "$1=(m,t)=>{let c=copiedNames.get(m);return c===void 0&&(c=copyNames(m,t),m.__esModule||copiedNames.set(m,c)),c}",
  );
  if (once === text) throw new Error(`${file} copies the names of modules in another way than was known`);
  writeFileSync(file, once);
}

/** One file for npm (an ES module with a first line for Unix), and those for the single executable (CommonJS). */
export async function bundle(): Promise<Bundles> {
  mkdirSync("dist", { recursive: true });
  const npm = "dist/kubectl-imagedoctor.mjs";
  const executable = "dist/kubectl-imagedoctor.cjs";
  await build({
    ...options(),
    format: "esm",
    outfile: npm,
    plugins: [...(options().plugins ?? []), requireBuiltins],
    banner: {
      js: `#!/usr/bin/env node\nimport{createRequire as imagedoctorRequire}from"node:module";${nodeCheck()}const require=imagedoctorRequire(import.meta.url);`,
    },
  });
  await build({ ...executableOptions(), outfile: executable });
  const snapshot = "dist/kubectl-imagedoctor-snapshot.cjs";
  const rare = "dist/kubectl-imagedoctor-rare.cjs";
  const started: BuildOptions = {
    ...executableOptions(),
    inject: ["scripts/warm-up/monotonic-now.ts"],
    define: { ...executableOptions().define, "performance.now": "monotonicNow" },
  };
  const written = readFileSync(executable, "utf8") + readFileSync(join(import.meta.dirname, "rare-modules.ts"), "utf8");
  await buildInTwo(
    {
      ...started,
      entryPoints: ["scripts/executable-start.ts"],
      outfile: snapshot,
      plugins: [trimSnapshot, ...(options().plugins ?? []), lazyBuiltins(`${written} getRawAsset`)],
    },
    { ...started, entryPoints: [], outfile: rare },
  );
  copyNamesOnce(snapshot);
  const assets: Record<string, string> = { "rare.cjs": rare };
  for (const name of ["llhttp", "llhttp_simd"]) {
    const file = `dist/${name}.wasm`;
    const bytes: unknown = require(`undici/lib/llhttp/${name}-wasm.js`);
    if (!Buffer.isBuffer(bytes)) throw new Error(`undici's ${name} is no Buffer`);
    writeFileSync(file, bytes);
    assets[`${name}.wasm`] = file;
  }
  for (const file of [npm, executable, snapshot, rare]) inAscii(file);
  return { npm, executable, snapshot, assets };
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? "").href) {
  const { npm, executable } = await bundle();
  chmodSync(npm, 0o755);
  console.log(`${npm}\n${executable}`);
}
