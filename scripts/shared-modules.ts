/** Modules of the start-up snapshot, by their places in the repository, for those beside it: scripts/build-rare.ts puts them in. */
export function sharedModules(): Readonly<Record<string, unknown>> {
  throw new Error("only the executable is in two files");
}
