import { readFileSync } from "node:fs";
import { load } from "js-yaml";
import { describe, expect, test } from "vitest";
import { archiveName, filledManifest, manifestFaults } from "../../scripts/krew-manifest.ts";

const written = readFileSync("krew-manifest.yaml", "utf8");
const packageFile: unknown = JSON.parse(readFileSync("package.json", "utf8"));
const platforms = ["linux-amd64", "linux-arm64", "darwin-amd64", "darwin-arm64", "windows-amd64"];
const sums = new Map(platforms.map((platform, index) => [platform, String(index + 1).repeat(64)]));

describe("the manifest in the repository", () => {
  test("is one that krew installs from", () => {
    expect(manifestFaults("imagedoctor", load(written))).toEqual([]);
  });

  test("has package.json's version, everywhere", () => {
    expect(packageFile).toHaveProperty("version");
    const { version } = packageFile as { version: string };
    expect(load(written)).toHaveProperty("spec.version", `v${version}`);
    for (const platform of platforms) expect(written).toContain(`/v${version}/${archiveName(version, platform)}\n`);
  });

  test("comes from the repository that package.json names, as npm's provenance wants it too", () => {
    const { spec } = load(written) as { spec: { homepage: string; platforms: { uri: string }[] } };
    expect(packageFile).toMatchObject({
      homepage: spec.homepage,
      repository: { type: "git", url: `git+${spec.homepage}.git` },
    });
    for (const { uri } of spec.platforms) expect(uri.startsWith(`${spec.homepage}/releases/download/`)).toBe(true);
  });

  test("offers five platforms, each its own archive", () => {
    const { spec } = load(written) as {
      spec: { platforms: { uri: string; selector: { matchLabels: { os: string; arch: string } } }[] };
    };
    expect(spec.platforms.map(({ selector: { matchLabels } }) => `${matchLabels.os}-${matchLabels.arch}`)).toEqual(
      platforms,
    );
    for (const { uri, selector } of spec.platforms) {
      expect(uri).toContain(`-${selector.matchLabels.os}-${selector.matchLabels.arch}.tar.gz`);
    }
  });
});

describe("a release's manifest", () => {
  const filled = filledManifest(written, "1.2.3-rc.1", sums);

  test("has its version, its addresses and its checksums, and is still one that krew installs from", () => {
    expect(manifestFaults("imagedoctor", load(filled))).toEqual([]);
    expect(filled).not.toContain("0.1.0");
    expect(filled).not.toContain("0000");
    expect(load(filled)).toHaveProperty("spec.version", "v1.2.3-rc.1");
    for (const [platform, sum] of sums) {
      expect(filled).toContain(
        `/releases/download/v1.2.3-rc.1/kubectl-imagedoctor-1.2.3-rc.1-${platform}.tar.gz\n      sha256: "${sum}"\n`,
      );
    }
  });

  test("is not made while an archive is missing", () => {
    const some = new Map([...sums].slice(1));
    expect(() => filledManifest(written, "1.2.3", some)).toThrow("there is no archive for linux-amd64");
  });
});

test.each([
  ["apiVersion: krew.", "apiVersion: crew.", "apiVersion is not the one that krew reads"],
  ["kind: Plugin", "kind: Plugins", "kind is not Plugin"],
  ["name: imagedoctor", "name: image.doctor", "metadata.name is not the file's name, imagedoctor"],
  ["version: v0.1.0", "version: 0.1.0", "version is no semantic version with a v in front"],
  ["version: v0.1.0", "version: v0.01.0", "version is no semantic version with a v in front"],
  ["homepage: https", "homepage: http", "homepage is no https address"],
  ["pod's image", "pod's image, on whatever node,", "shortDescription has more than 50 characters"],
  ["a pod's", "a Kubernetes", "shortDescription says kubectl, Kubernetes or plugin"],
  ["Reads the pod", "In whatever cluster it is, reads the pod", "a line has more than 80 characters"],
  ["homepage:", "license: Apache-2.0\n  homepage:", "spec.license is no field that krew knows"],
  ["os: linux", "os: freebsd", "freebsd/amd64 is no platform of krew's"],
  ["os: darwin", "os: linux", "linux/amd64 is selected more than once"],
  ["arch: amd64", "arch: amd64\n          libc: musl", "linux/amd64: selects on more than os and arch"],
  ["uri: https", "uri: http", "linux/amd64: uri is no https address of an archive"],
  ['"00000', '"0000F', "linux/amd64: sha256 is not 64 lower-case hexadecimal digits"],
  ["bin: kubectl-imagedoctor", "bin: ../kubectl-imagedoctor", "linux/amd64: bin is no file of the archive's root"],
  ["doctor.exe", "doctor", "windows/amd64: bin is no .exe"],
  ["bin: kubectl", "files: []\n      bin: kubectl", "linux/amd64: files are best left out"],
])("krew's rules: %j → %j is refused", (from, to, sentence) => {
  expect(written).toContain(from);
  expect(manifestFaults("imagedoctor", load(written.replace(from, to)))).toEqual([sentence]);
});

test.each(["con", "LPT1", "image doctor", "a/b"])("krew's rules: %j is no name", (name) => {
  const manifest = load(written.replace("name: imagedoctor", `name: ${name}`));
  expect(manifestFaults(name, manifest)).toEqual([`${name} cannot be a file's name everywhere`]);
});
