import { createHash } from "node:crypto";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { load } from "js-yaml";
import { describe, expect, test } from "vitest";
import { advisoriesIn, argued } from "../../scripts/audit.ts";
import { archiveName } from "../../scripts/krew-manifest.ts";
import { platforms } from "../../scripts/package-platforms.ts";
import { finishRelease } from "../../scripts/package-release.ts";

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

  test("U1: each known fault of a package is found, and counts until it is argued", () => {
    const found = (via: unknown[]) => JSON.stringify({ vulnerabilities: { yargs: { via } } });
    const advisory = { title: "a fault", url: "https://github.com/advisories/GHSA-aaaa-bbbb-cccc" };
    expect(advisoriesIn(found([advisory, "y18n"]))).toEqual(new Map([["GHSA-aaaa-bbbb-cccc", "yargs: a fault"]]));
    expect(advisoriesIn(found([{ title: "another" }]))).toEqual(new Map([["yargs: another", "yargs: another"]]));
    expect(advisoriesIn('{"vulnerabilities":{}}')).toEqual(new Map());
    // What a mirror without an audit says is no clean bill.
    for (const text of ["", "405 Method Not Allowed", '{"error":{"code":"E405"}}', "[]"])
      expect(advisoriesIn(text)).toBeUndefined();
    for (const why of argued.values()) expect(why).toMatch(/^[A-Z].{20,}\.$/);
  });

  test("U1: CI audits on every push, checks the registry's signatures, and installs what the lock file says", () => {
    const workflow = readFileSync(path.join(root, ".github/workflows/ci.yml"), "utf8");
    const { jobs } = load(workflow) as { jobs: Record<string, { steps: { run?: string }[] }> };
    const commands = Object.values(jobs).flatMap(({ steps }) => steps.flatMap(({ run = "" }) => run.split("\n")));
    expect(commands).toContain("node scripts/audit.ts");
    expect(commands.some((command) => command.includes("npm audit signatures"))).toBe(true);
    const script = readFileSync(path.join(root, ".ci/run"), "utf8");
    expect(script).toMatch(/^npm ci$/m);
    expect(`${workflow}${script}`).not.toMatch(/npm (?:install|i|add)\b/);
  });

  test("U3: no Node.js is accepted that is older than its patched lines", () => {
    expect(manifest["engines"]).toEqual({ node: ">=22.19" });
  });
});

describe("what a release publishes", () => {
  const version = "1.2.3";

  /** A release of made-up archives, and the digest that krew's manifest names for one of them. */
  function released(): { readonly directory: string; readonly named: (archive: string) => string | undefined } {
    const directory = mkdtempSync(path.join(tmpdir(), "release-"));
    for (const { name } of platforms)
      writeFileSync(path.join(directory, archiveName(version, name)), `archive for ${name}`);
    finishRelease(directory, version);
    const text = readFileSync(path.join(directory, "imagedoctor.yaml"), "utf8");
    const { spec } = load(text) as { spec: { platforms: { uri: string; sha256: string }[] } };
    return { directory, named: (archive) => spec.platforms.find(({ uri }) => uri.endsWith(`/${archive}`))?.sha256 };
  }

  test("U2: an archive that was changed afterwards is not the one that krew's manifest and the checksums name", () => {
    const { directory, named } = released();
    const sums = readFileSync(path.join(directory, "checksums.txt"), "utf8");
    for (const { name } of platforms) {
      const archive = archiveName(version, name);
      const bytes = readFileSync(path.join(directory, archive));
      const sum = (data: Buffer): string => createHash("sha256").update(data).digest("hex");
      expect(named(archive)).toBe(sum(bytes));
      expect(sums).toContain(`${sum(bytes)}  ${archive}\n`);
      bytes[0] = (bytes[0] ?? 0) ^ 1;
      expect(sums).not.toContain(sum(bytes));
    }
    rmSync(directory, { recursive: true });
  });

  test("U2: it is built twice to the same bytes, checked, attested, and only then published", () => {
    const workflow = readFileSync(path.join(root, ".github/workflows/release.yml"), "utf8");
    const { jobs } = load(workflow) as {
      jobs: Record<
        string,
        { needs?: string | string[]; steps?: { run?: string; uses?: string; with?: Record<string, string> }[] }
      >;
    };
    const steps = (job: string): string[] => (jobs[job]?.steps ?? []).map(({ run, uses }) => run ?? uses ?? "");
    const built = steps("package");
    const again = built.findIndex((step) => step.includes("npm run package\ndiff first.txt build/checksums.txt"));
    expect(again).toBeGreaterThan(built.indexOf("npm run package"));
    expect(built.findIndex((step) => step.startsWith("actions/upload-artifact"))).toBeGreaterThan(again);
    expect(steps("assemble")).toContain("node scripts/package-release.ts");
    const order = ["sha256sum --check --strict checksums.txt", "actions/attest", "gh release"];
    const places = order.map((start) => steps("release").findIndex((step) => step.startsWith(start)));
    expect(places.every((place, index) => place > (places[index - 1] ?? 0))).toBe(true);
    const attest = jobs["release"]?.steps?.find(({ uses }) => uses?.startsWith("actions/attest"));
    expect(attest?.with).toEqual({ "subject-checksums": "release/checksums.txt" });
    expect([jobs["release"]?.needs, jobs["assemble"]?.needs]).toEqual([["check", "assemble"], "package"]);
    expect(steps("npm").at(-1)).toContain("--provenance");
  });
});
