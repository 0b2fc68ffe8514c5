import { readFileSync } from "node:fs";
import { dirname, join, relative, resolve } from "node:path";
import { type BuildOptions, build, type Metafile, type Plugin, type PluginBuild } from "esbuild";

/**
 * What few runs need: each of these is imported dynamically, and loaded with all that nothing else needs. A start-up snapshot is
 * read whole at each start, every object and every letter of source, so these stand beside it, in a file of their own.
 */
const rareModules: readonly string[] = [
  "node_modules/@kubernetes/client-node/dist/config.js",
  "node_modules/ora/index.js",
  "src/cli/completion-script.ts",
  "src/cli/explain.ts",
  "src/cli/read-inputs.ts",
  "src/cli/run-rbac.ts",
  "src/cli/run-watch.ts",
  "src/collect/no-cluster.ts",
  "src/collect/oidc-login.ts",
  "src/collect/optional-cluster.ts",
  "src/collect/planned-images.ts",
  "src/collect/saved-cluster.ts",
  "src/probe/node-config/read-node-config.ts",
  "src/render/junit.ts",
  "src/render/markdown.ts",
  "src/render/sarif.ts",
  "src/render/yaml.ts",
];

/** Packages with nothing that is compared or kept: either file has what it needs of them. */
const inBoth = /^node_modules\/js-yaml\//;

const root = resolve(import.meta.dirname, "..");

/**
 * Builds the program in two files: what most runs need, which asks scripts/rare-modules.ts for the rest, and `rareModules`
 * (CommonJS, to which the first file's modules come as `shared`: each is there once, for classes are compared and some keep settings).
 */
export async function buildInTwo(frequent: BuildOptions, rare: BuildOptions): Promise<void> {
  let shared: readonly string[] = [];
  // What the second file takes of the first may bring more into the first; that is so for one turn or two.
  for (;;) {
    const first = await build({
      ...frequent,
      plugins: [staticImports, tableOf(shared), ...(frequent.plugins ?? [])],
      metafile: true,
    });
    const second = await build({
      ...rare,
      stdin: { contents: rareEntry, resolveDir: root, loader: "js" },
      plugins: [fromTable(placesIn(first.metafile)), ...(rare.plugins ?? [])],
      metafile: true,
    });
    const wanted = sharedIn(second.metafile);
    if (wanted.join() === shared.join()) return;
    shared = wanted;
  }
}

const rareEntry = `module.exports = { ${rareModules
  .map((place) => `${JSON.stringify(place)}: () => require("./${place}")`)
  .join(",\n")} };`;

function placesIn({ outputs }: Metafile): ReadonlySet<string> {
  const files = Object.values(outputs).flatMap(({ inputs }) => Object.entries(inputs));
  return new Set(files.flatMap(([path, { bytesInOutput }]) => (bytesInOutput > 0 ? [placeOf(resolve(path))] : [])));
}

function sharedIn({ inputs }: Metafile): readonly string[] {
  return Object.keys(inputs)
    .flatMap((path) => /^shared:(.*)\.cjs$/.exec(path)?.[1] ?? [])
    .sort();
}

/** `const { a, b } = await import("x")`, `(await import("x")).a`, and any other. */
const dynamicImport = /(?:(?<=const )\{ ([\w, ]+) \} = await )?\bimport\("((?!node:)[^"]+)"\)(?:\)\.(\w+))?/g;

/**
 * Makes dynamic imports of what is not rare static: nothing is gained by loading late what a snapshot has loaded. Where it is
 * seen what of a module is used, the rest of it is not kept.
 */
const staticImports: Plugin = {
  name: "static-imports",
  setup(builder) {
    builder.onLoad({ filter: /[\\/]src[\\/].*\.ts$/ }, async ({ path }) => {
      const text = readFileSync(path, "utf8");
      const imports: string[] = [];
      let contents = "";
      let end = 0;
      for (const { 0: whole, 1: several, 2: specifier = "", 3: one, index } of text.matchAll(dynamicImport)) {
        const names = (several ?? one)?.split(",").map((name) => name.trim());
        const { statement, module } = await staticImport(builder, path, specifier, names, `loaded${imports.length}`);
        imports.push(statement);
        contents += text.slice(end, index) + whole.replace(/import\(.*?\)/, `Promise.resolve(${module})`);
        end = index + whole.length;
      }
      return imports.length === 0
        ? undefined
        : { contents: [contents + text.slice(end), ...new Set(imports)].join("\n"), loader: "ts" };
    });
  },
};

/** The statement that imports a module under a name of its own, and the expression that stands for the module. */
async function staticImport(
  builder: PluginBuild,
  importer: string,
  specifier: string,
  names: readonly string[] | undefined,
  own: string,
): Promise<{ readonly statement: string; readonly module: string }> {
  const found = await builder.resolve(specifier, { importer, kind: "dynamic-import", resolveDir: dirname(importer) });
  const place = placeOf(found.path);
  if (rareModules.includes(place)) {
    const asked = JSON.stringify(join(root, "scripts", "rare-modules.ts"));
    return { statement: `import { rareModule } from ${asked};`, module: `rareModule(${JSON.stringify(place)})` };
  }
  const from = JSON.stringify(specifier);
  if (names === undefined) return { statement: `import * as ${own} from ${from};`, module: own };
  return {
    statement: `import { ${names.map((name) => `${name} as ${own}${name}`).join(", ")} } from ${from};`,
    module: `{ ${names.map((name) => `${name}: ${own}${name}`).join(", ")} }`,
  };
}

/** What stands in scripts/shared-modules.ts: the first file's modules for the second. */
function tableOf(places: readonly string[]): Plugin {
  return {
    name: "table-of-shared",
    setup(builder) {
      builder.onLoad({ filter: /[\\/]scripts[\\/]shared-modules\.ts$/ }, () => ({
        contents: [
          ...places.map((place, at) => `import * as shared${at} from "./${place}";`),
          `export const sharedModules = () => ({ ${places.map((place, at) => `"${place}": shared${at}`).join(", ")} });`,
        ].join("\n"),
        resolveDir: root,
        loader: "js",
      }));
    },
  };
}

/** Modules of the first file are taken from its table. */
function fromTable(frequent: ReadonlySet<string>): Plugin {
  return {
    name: "from-table",
    setup(builder) {
      builder.onResolve(
        { filter: /.*/, namespace: "file" },
        async ({ path, importer, kind, resolveDir, pluginData }) => {
          if (pluginData === "resolved") return undefined;
          const found = await builder.resolve(path, { importer, kind, resolveDir, pluginData: "resolved" });
          const place = placeOf(found.path);
          return found.namespace === "file" && frequent.has(place) && !inBoth.test(place)
            ? { path: `${place}.cjs`, namespace: "shared" }
            : undefined;
        },
      );
      builder.onLoad({ filter: /.*/, namespace: "shared" }, ({ path }) => ({
        contents: `module.exports = shared[${JSON.stringify(path.slice(0, -".cjs".length))}];`,
        loader: "js",
      }));
    },
  };
}

function placeOf(path: string): string {
  return relative(root, path).replaceAll("\\", "/");
}
