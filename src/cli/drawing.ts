import type { RenderOptions } from "../render/renderer.ts";
import { type Options, value } from "./options.ts";
import { outputFile } from "./output-file.ts";
import type { World } from "./world.ts";

/** How to draw for this terminal, pipe or file. */
export function drawingFor(world: World, options?: Options): RenderOptions {
  const wholeLines = options && value(options, "output") === "wide" ? Number.POSITIVE_INFINITY : 80;
  // A file is no part of the terminal that the program runs on.
  const columns = options && outputFile(options) !== undefined ? undefined : world.stdout.columns;
  return {
    color: wantsColor(world, options),
    width: columns ?? wholeLines,
    verbose: options?.on.has("verbose") ?? false,
    unicode: showsUnicode(world),
  };
}

/** https://no-color.org: any value of NO_COLOR that is not empty switches colour off; a flag wins over it. */
function wantsColor(world: World, options: Options | undefined): boolean {
  const when = (options && value(options, "color")) ?? "auto";
  if (when !== "auto") return when === "always";
  if (options && outputFile(options) !== undefined) return false;
  return world.stdout.isTTY === true && !world.env["NO_COLOR"] && world.env["TERM"] !== "dumb";
}

/** A locale that is set and not UTF-8 gets ASCII. Without one (Windows, containers) terminals of today show UTF-8. */
function showsUnicode(world: World): boolean {
  const locale = world.env["LC_ALL"] || world.env["LC_CTYPE"] || world.env["LANG"];
  return locale === undefined || locale === "" || /utf-?8/i.test(locale);
}
