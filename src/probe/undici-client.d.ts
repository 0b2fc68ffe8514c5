/** The one class of undici that is used, without the 40 ms that its index takes to load. */
declare module "undici/lib/dispatcher/client.js" {
  export { Client as default } from "undici";
}
