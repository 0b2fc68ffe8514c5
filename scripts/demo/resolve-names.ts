import { resolveOnly } from "../../test/support/registry-names.ts";

/** Loaded before the program with `--import`: the names in DEMO_NAMES (`host=address,…`) resolve, and no others do. */
const names = new Map<string, string>();
for (const pair of (process.env["DEMO_NAMES"] ?? "").split(",")) {
  const [host, address] = pair.split("=");
  if (host !== undefined && address !== undefined) names.set(host, address);
}
resolveOnly(names);
