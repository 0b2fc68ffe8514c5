import { createRequire } from "node:module";
import type { Plugin } from "esbuild";

const require = createRequire(import.meta.url);

/** Modules of Node that hold sockets, threads or keys, which no snapshot can keep. */
export const lazily = [
  ...["child_process", "crypto", "dns", "http", "http2", "https", "net", "perf_hooks", "tls", "worker_threads", "zlib"],
  ...["async_hooks", "os", "sea", "sqlite", "timers/promises", "vm"],
  // Nothing forbids to keep these, but they bring much with them: what compares values for an error, and a line editor.
  ...["assert", "fs/promises"],
];

/** What libraries read of these modules while they are loaded, and a start-up snapshot may keep. */
const constants: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  // undici's bound for a response's header, and the class of a stream that it treats in its own way.
  http: { maxHeaderSize: "16384", IncomingMessage: "class IncomingMessage {}" },
};

/**
 * What is done with a module when it is loaded. Node asks of every server's name whether it is an address, with an expression
 * for IPv6 that takes longer to compile than a TLS handshake (lib/internal/net.js); a name without a colon is none.
 */
const onLoad: Readonly<Record<string, string>> = {
  tls: `
    const net = require("node:net");
    const { isIP, isIPv4 } = net;
    net.isIP = (text) => String(text).includes(":") ? isIP(text) : isIPv4(text) ? 4 : 0;
  `,
};

/**
 * What stands in the place of a module that is used in nearly every run: an assertion that holds needs no module, and files are
 * read as well by the callbacks of `fs`, which is there anyway.
 */
const instead: Readonly<Record<string, string>> = {
  assert: `
    const real = () => require("node:assert");
    module.exports = Object.assign((value, ...rest) => { if (!value) real()(value, ...rest); }, {
      notStrictEqual: (a, b, ...rest) => { if (Object.is(a, b)) real().notStrictEqual(a, b, ...rest); },
      strictEqual: (a, b, ...rest) => { if (!Object.is(a, b)) real().strictEqual(a, b, ...rest); },
    });
  `,
  "fs/promises": `
    const fs = require("node:fs");
    const { promisify } = require("node:util");
    module.exports = {
      ${["access", "lstat", "readFile", "readdir", "rm", "stat", "unlink", "writeFile"]
        .map((name) => `${name}: promisify(fs.${name})`)
        .join(", ")},
      constants: fs.constants,
      get open() { return require("node:fs/promises").open; },
    };
  `,
};

/**
 * Each of these modules is loaded when something of it is first used, and never while the snapshot is made: then it throws,
 * and the build ends with the name of what was used too early. Of their names those are there that occur in `programs`.
 */
export const lazyBuiltins = (programs: string): Plugin => ({
  name: "lazy-builtins",
  setup(builder) {
    const written = new Set(programs.match(/[\w$]+/g));
    builder.onResolve({ filter: new RegExp(`^(node:)?(${lazily.join("|")})$`) }, (args) =>
      args.namespace === "lazy-builtin"
        ? { path: args.path, external: true }
        : { path: args.path.replace(/^node:/, ""), namespace: "lazy-builtin" },
    );
    builder.onLoad({ filter: /.*/, namespace: "lazy-builtin" }, ({ path }) => ({
      contents: shim(path, written),
      loader: "js",
    }));
  },
});

function shim(name: string, written: ReadonlySet<string>): string {
  const given = instead[name];
  if (given !== undefined) return given;
  const kept = constants[name] ?? {};
  const names = Object.keys(require(`node:${name}`) as object).filter((key) => written.has(key));
  const property = (key: string) =>
    kept[key] === undefined ? `get ${key}() { return load("${key}").${key}; }` : `${key}: ${kept[key]}`;
  return `
    let loaded;
    function load(key) {
      if (loaded !== undefined) return loaded;
      if (require("node:v8").startupSnapshot.isBuildingSnapshot()) {
        const standIn = globalThis.imagedoctorStandIns?.["${name}"];
        if (standIn !== undefined && key in standIn) return standIn;
        throw new Error("${name}." + key + " is used while the start-up snapshot is made");
      }
      ${onLoad[name] ?? ""}
      return (loaded = require("node:${name}"));
    }
    module.exports = { ${names.map(property).join(",\n")} };
  `;
}
