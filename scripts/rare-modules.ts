import { getAsset } from "node:sea";
import { compileFunction } from "node:vm";
import { sharedModules } from "./shared-modules.ts";

type Modules = Readonly<Record<string, () => unknown>>;

/** The name that scripts/build.ts gives to what scripts/build-rare.ts makes of them. */
const rareFile = "rare.cjs";

let modules: Modules | undefined;

/** Loads a module that few runs need, by its place in the repository. Throws where the executable has none of that name. */
export function rareModule(place: string): unknown {
  modules ??= load();
  const module = modules[place];
  if (module === undefined) throw new Error(`${place} is not in ${rareFile}`);
  return module();
}

function load(): Modules {
  const module: { exports: Modules } = { exports: {} };
  const run = compileFunction(getAsset(rareFile, "utf8"), ["module", "require", "shared"]);
  run(module, require, sharedModules());
  return module.exports;
}
