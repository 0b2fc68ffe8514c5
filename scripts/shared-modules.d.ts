/** What scripts/build-rare.ts makes: modules that the snapshot has, by their places in the repository. */
declare module "shared-modules" {
  export function sharedModules(): Readonly<Record<string, unknown>>;
}
