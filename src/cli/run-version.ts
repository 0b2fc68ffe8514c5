import { KnownError } from "../domain/known-error.ts";
import { exitCodes } from "./exit-code.ts";
import { versionText } from "./version.ts";
import type { World } from "./world.ts";

/** `version [-o json|yaml]`, without the parser: it must be as quick as an empty program. */
export function runVersion(argv: readonly string[], world: World): number {
  const joined = argv.join(" ");
  const format = /^(?:-o|--output)[ =]?(\w+)$/.exec(joined)?.[1];
  const text = joined === "" || format !== undefined ? versionText(format, world.platform) : undefined;
  if (text === undefined)
    throw new KnownError("usage", "version takes only -o json or -o yaml", "Leave the rest out, or write -o json.");
  world.stdout.write(text);
  return exitCodes.nothingFailing;
}
