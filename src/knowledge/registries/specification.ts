import { defineRegistry } from "./registry.ts";

/** The distribution specification itself: what holds where no dialect is known. Its rules are in `meaning-of.ts`. */
export const specification = defineRegistry({
  id: "specification",
  name: "a registry",
  hosts: [],
  login: { wanted: "a login that may pull", username: "USER" },
});
