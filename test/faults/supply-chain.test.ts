import { readFileSync } from "node:fs";
import path from "node:path";
import { describe, expect, test } from "vitest";

interface Locked {
  readonly version?: string;
  readonly resolved?: string;
  readonly integrity?: string;
  readonly license?: string;
  readonly link?: boolean;
  readonly hasInstallScript?: boolean;
}

const root = path.join(import.meta.dirname, "..", "..");
const read = <T>(file: string): T => JSON.parse(readFileSync(path.join(root, file), "utf8")) as T;
const manifest = read<Readonly<Record<string, Record<string, unknown> | undefined>>>("package.json");
const { packages } = read<{ readonly packages: Readonly<Record<string, Locked>> }>("package-lock.json");
const locked = Object.entries(packages).filter(([name, { link }]) => name !== "" && link !== true);

/** Licences that let the bundle be given away under Apache-2.0. */
const welcome =
  /^\(?(?:MIT|MIT-0|ISC|0BSD|BSD-2-Clause|BSD-3-Clause|Apache-2\.0|BlueOak-1\.0\.0|CC0-1\.0|CC-BY-4\.0|Python-2\.0|PSF-2\.0|Unlicense|MPL-2\.0|WTFPL|Zlib)(?: (?:OR|AND) [\w.-]+)*\)?$/;

/** Where a package comes from that the lock file names no place for (.npmrc omits the registry's own). */
const npmRegistry = "https://registry.npmjs.org/";

describe("what the program is made of", () => {
  test("U1: nothing is installed with it: all packages are bundled", () => {
    for (const kind of ["dependencies", "optionalDependencies", "peerDependencies"])
      expect(manifest[kind]).toBeUndefined();
    for (const version of Object.values(manifest["devDependencies"] ?? {})) expect(version).toMatch(/^\d+\.\d+\.\d+$/);
  });

  test("U1: every package of the lock file has its digest and comes from the registry", () => {
    expect(locked.length).toBeGreaterThan(100);
    const bad = locked.filter(
      ([, { resolved = npmRegistry, integrity = "" }]) =>
        !integrity.startsWith("sha512-") || !resolved.startsWith(npmRegistry),
    );
    expect(bad.map(([name]) => name)).toEqual([]);
  });

  test("U1: install scripts run only for packages that are named", () => {
    const named = Object.keys(manifest["allowScripts"] ?? {});
    const scripts = locked.filter(([, { hasInstallScript }]) => hasInstallScript === true);
    const nameOf = (place: string) => place.slice(place.lastIndexOf("node_modules/") + "node_modules/".length);
    expect(
      [...new Set(scripts.map(([place]) => nameOf(place)))].filter(
        (name) => !named.includes(name) && name !== "fsevents",
      ),
    ).toEqual([]);
  });

  test("U1: every package has a licence that is known and welcome", () => {
    const odd = locked.filter(([, { license = "" }]) => !welcome.test(license));
    expect(odd.map(([name, { license }]) => `${name}: ${license}`)).toEqual([]);
  });

  test("U3: no Node.js is accepted that is older than its patched lines", () => {
    expect(manifest["engines"]).toEqual({ node: ">=22.19" });
  });
});
