/** What scripts/build-trim.ts adds to this file of undici. */
declare module "undici/lib/dispatcher/client-h1.js" {
  /** Lets go of the parser, so that the next connection makes a new one. */
  export function forgetParser(): void;
}
