import { KnownError } from "../domain/known-error.ts";
import { exitCodes } from "./exit-code.ts";
import { flagsNamed } from "./flags.ts";
import { parseOptions, value } from "./options.ts";
import { rbacManifest } from "./rbac.ts";
import type { World } from "./world.ts";

/** `rbac [-n NAMESPACE]`: the smallest role, on stdout, ready for kubectl apply. */
export function runRbac(argv: readonly string[], world: World, program: string): number {
  const options = parseOptions(argv, flagsNamed("namespace"), `${program} rbac`);
  if (options.words.length > 0) {
    throw new KnownError("usage", "rbac takes no names", `Try: ${program} rbac -n NAMESPACE`);
  }
  world.stdout.write(rbacManifest(value(options, "namespace") ?? "default"));
  return exitCodes.nothingFailing;
}
