import { readFileSync } from "node:fs";
import { basename, resolve } from "node:path";
import type { Plugin } from "esbuild";

/**
 * The client's kubeconfig reader imports the generated model of the whole Kubernetes API and all of undici, and uses
 * neither for what we ask of it (contexts, logins, agents), nor its OpenID client (src/collect/oidc-login.ts). Their places are taken by small stand-ins: this is half of
 * the start-up time of a diagnosis. What it would need them for throws, loudly.
 */
export const trimClient: Plugin = {
  name: "trim-client",
  setup(builder) {
    builder.onResolve({ filter: /^(\.\/gen\/index\.js|undici|openid-client)$/ }, (args) =>
      /client-node[\\/]dist[\\/][^\\/]+\.js$/.test(args.importer)
        ? { path: args.path, namespace: "unused-by-kubeconfig" }
        : undefined,
    );
    const used: Readonly<Record<string, readonly string[]>> = {
      undici: ["Agent", "ProxyAgent", "fetch", "FormData", "Headers", "Request", "Response"],
      "openid-client": ["customFetch", "discovery", "refreshTokenGrant"],
      "./gen/index.js": [
        "createConfiguration",
        "ServerConfiguration",
        "ResponseContext",
        "RequestContext",
        "HttpMethod",
      ],
    };
    builder.onLoad({ filter: /.*/, namespace: "unused-by-kubeconfig" }, ({ path }) => ({
      contents: (used[path] ?? [])
        .map((name) => `export function ${name}() { throw new Error("not part of this program: ${name}"); }`)
        .join("\n"),
      loader: "js",
    }));
  },
};

/**
 * yargs lays out help with these at the cost of a third of its loading; our help is our own (src/cli/help.ts). And it looks for
 * its user's package.json in the current directory and above, for a version that we say ourselves: the start-up snapshot would
 * keep when that directory was last changed, and be another each time. Where it stands itself is asked for, and used for nothing.
 */
export const trimParser: Plugin = {
  name: "trim-parser",
  setup(builder) {
    builder.onResolve({ filter: /^(cliui|string-width|escalade\/sync)$/ }, (args) =>
      /node_modules[\\/]yargs[\\/]/.test(args.importer)
        ? { path: args.path, namespace: "unused-by-parser" }
        : undefined,
    );
    builder.onResolve({ filter: /^url$/ }, (args) =>
      /node_modules[\\/]yargs[\\/]/.test(args.importer) ? { path: args.path, namespace: "own-place" } : undefined,
    );
    builder.onLoad({ filter: /.*/, namespace: "own-place" }, () => ({
      contents: "export const fileURLToPath = (place) => place;",
      loader: "js",
    }));
    builder.onLoad({ filter: /.*/, namespace: "unused-by-parser" }, () => ({
      contents: 'export default function unused() { throw new Error("not part of this program"); }',
      loader: "js",
    }));
  },
};

/** cli-table3 measures each cell with a regular expression of all emoji, compiled anew each time; our own measure is as good. */
export const trimTable: Plugin = {
  name: "trim-table",
  setup(builder) {
    builder.onResolve({ filter: /^string-width$/ }, (args) =>
      /node_modules[\\/]cli-table3[\\/]/.test(args.importer)
        ? { path: args.path, namespace: "own-measure" }
        : undefined,
    );
    builder.onLoad({ filter: /.*/, namespace: "own-measure" }, () => ({
      contents: 'module.exports = require("./src/render/cell-width.ts").cellWidth;',
      resolveDir: process.cwd(),
      loader: "js",
    }));
  },
};

/**
 * Registries are asked with HTTP/1.1 alone, as the handshake says, with bodies that are texts: undici's other half
 * and what belongs to fetch stay out. (Its experimental parser does where `esbuildDetection` is defined: in options.)
 */
export const trimUndici: Plugin = {
  name: "trim-undici",
  setup(builder) {
    const unused = /undici[\\/]lib[\\/](dispatcher[\\/]client-h2|web[\\/].*)\.js$/;
    builder.onLoad({ filter: unused }, ({ path }) => ({
      contents: `module.exports = () => { throw new Error("not part of this program: ${path.split(/[\\/]/).at(-1)}"); };`,
      loader: "js",
    }));
    builder.onLoad({ filter: /undici[\\/]lib[\\/]dispatcher[\\/]client-h1\.js$/ }, ({ path }) => ({
      contents: forgetful(readFileSync(path, "utf8")),
      loader: "js",
    }));
  },
};

/** undici's parser of responses, with a way to let go of what it keeps between connections (for scripts/warm-up). */
function forgetful(source: string): string {
  const kept = ["llhttpInstance = null", "currentBufferSize = 0", "currentBufferPtr = null", "currentBuffer = null"];
  const missing = kept.filter((each) => !source.includes(`\nlet ${each}\n`));
  if (missing.length > 0) throw new Error(`undici's parser keeps something else now than ${missing.join(", ")}`);
  return `${source}\nmodule.exports.forgetParser = () => { ${kept.join("; ")}; };\n`;
}

/** A cause's examples are its tests (test/knowledge): no run of the program reads them, and each would make a thousand objects. */
export const trimExamples: Plugin = {
  name: "trim-examples",
  setup(builder) {
    builder.onResolve({ filter: /[\\/]example-parts\.ts$/ }, ({ path, resolveDir }) => ({
      path: resolve(resolveDir, path),
      // What is imported of it is used in examples alone.
      sideEffects: false,
    }));
    builder.onLoad({ filter: /src[\\/]knowledge[\\/]causes[\\/][a-z0-9-]+\.ts$/ }, ({ path }) => {
      const contents = readFileSync(path, "utf8")
        .replace(/^ {2}examples: (?:\[\n[\s\S]*?^ {2}\]|\w+\(.*\)),$/m, "  examples: [],")
        .replace(/^( +)example:(?:\n +| )(["'`]).*\2,$/gm, '$1example: "",');
      const left = /^ +(?:examples: (?!\[\],)|example:(?! "",)).*$/m.exec(contents);
      if (left !== null) throw new Error(`${path} has examples in another form: ${left[0]}`);
      return { contents, loader: "ts" };
    });
  },
};

/**
 * undici's parser is WebAssembly, as text in two of its sources; the executable has both as they are, in files of its own. And
 * its tree of well-known header names, a thousand objects, saves it from making a text of each name; without it one is made.
 */
export const trimSnapshot: Plugin = {
  name: "trim-snapshot",
  setup(builder) {
    builder.onLoad({ filter: /undici[\\/]lib[\\/]llhttp[\\/]\w+-wasm\.js$/ }, ({ path }) => ({
      contents: `
        const { startupSnapshot } = require("node:v8");
        Object.defineProperty(module, "exports", {
          get: () => startupSnapshot.isBuildingSnapshot() ? undefined : require("node:sea").getRawAsset("${basename(path, "-wasm.js")}.wasm"),
        });
      `,
      loader: "js",
    }));
    builder.onLoad({ filter: /undici[\\/]lib[\\/]core[\\/]tree\.js$/ }, () => ({
      contents: "module.exports = { tree: { lookup: () => null } };",
      loader: "js",
    }));
  },
};
