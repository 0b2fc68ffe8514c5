/**
 * What krew asks of a plugin's manifest, as its own code checks it (kubernetes-sigs/krew internal/index/validation/validate.go
 * and cmd/validate-krew-manifest/main.go), and how ours is filled for a release.
 */

/** Every pair that krew installs on (kubernetes-sigs/krew cmd/validate-krew-manifest/main.go). */
const installable = new Set(
  ["windows/386 windows/amd64 windows/arm64", "linux/386 linux/amd64 linux/arm linux/arm64 linux/ppc64le"]
    .concat("darwin/386 darwin/amd64 darwin/arm64")
    .flatMap((line) => line.split(" ")),
);
const devices = /^(con|prn|aux|nul|com[1-9]|lpt[1-9])$/i;
/** Semantic versioning's own grammar, with the v that krew wants in front. */
const version =
  /^v(0|[1-9]\d*)\.(0|[1-9]\d*)\.(0|[1-9]\d*)(-[0-9A-Za-z-]+(\.[0-9A-Za-z-]+)*)?(\+[0-9A-Za-z-]+(\.[0-9A-Za-z-]+)*)?$/;

/** What krew would refuse, or its reviewers ask about, in one sentence each; empty where all is well. `name` is the file's. */
export function manifestFaults(name: string, manifest: unknown): string[] {
  const { apiVersion, kind, metadata, spec } = record(manifest);
  const { version: released, homepage, shortDescription, description, caveats, platforms, ...others } = record(spec);
  const list = Array.isArray(platforms) ? platforms.map(record) : [];
  const short = text(shortDescription);
  return [
    fault(apiVersion !== "krew.googlecontainertools.github.com/v1alpha2", "apiVersion is not the one that krew reads"),
    fault(kind !== "Plugin", "kind is not Plugin"),
    fault(!/^[\w-]+$/.test(name) || devices.test(name), `${name} cannot be a file's name everywhere`),
    fault(record(metadata)["name"] !== name, `metadata.name is not the file's name, ${name}`),
    fault(!version.test(text(released)), "version is no semantic version with a v in front"),
    fault(!/^https:\/\/\S+$/.test(text(homepage)), "homepage is no https address"),
    fault(short === "" || /[\r\n]/.test(short), "shortDescription is not one line"),
    fault(short.length > 50, "shortDescription has more than 50 characters"),
    fault(/kubectl|kubernetes|plugin/i.test(short), "shortDescription says kubectl, Kubernetes or plugin"),
    fault(
      [description, caveats].some((long) =>
        text(long)
          .split("\n")
          .some((line) => line.length > 80),
      ),
      "a line has more than 80 characters",
    ),
    fault(list.length === 0, "there are no platforms"),
    ...Object.keys(others).map((key) => `spec.${key} is no field that krew knows`),
    ...list.flatMap((platform) => platformFaults(platform)),
    ...overlaps(list),
  ].filter((found) => found !== undefined);
}

function platformFaults({ selector, uri, sha256, bin, files, ...others }: Fields): string[] {
  const labels = record(record(selector)["matchLabels"]);
  const name = pair(labels);
  return [
    fault(!installable.has(name), `${name} is no platform of krew's`),
    fault(
      Object.keys(labels).some((key) => key !== "os" && key !== "arch"),
      `${name}: selects on more than os and arch`,
    ),
    fault(!/^https:\/\/\S+\.(tar\.gz|zip)$/.test(text(uri)), `${name}: uri is no https address of an archive`),
    fault(!/^[a-f0-9]{64}$/.test(text(sha256)), `${name}: sha256 is not 64 lower-case hexadecimal digits`),
    fault(!/^[\w.-]+$/.test(text(bin)) || text(bin).includes(".."), `${name}: bin is no file of the archive's root`),
    fault(labels["os"] === "windows" && !text(bin).endsWith(".exe"), `${name}: bin is no .exe`),
    fault(files !== undefined, `${name}: files are best left out`),
    ...Object.keys(others).map((key) => `${name}: ${key} is no field that krew knows`),
  ].filter((found) => found !== undefined);
}

function overlaps(platforms: readonly Fields[]): string[] {
  const names = platforms.map(({ selector }) => pair(record(record(selector)["matchLabels"])));
  return [...new Set(names.filter((name, index) => names.indexOf(name) !== index))].map(
    (name) => `${name} is selected more than once`,
  );
}

/**
 * The manifest with a release's version, addresses and checksums; everything else stays as it was written, comments too.
 * `sums` goes from the platform (`linux-amd64`) to its archive's SHA-256 in hexadecimal. Throws where one is missing.
 */
export function filledManifest(written: string, released: string, sums: ReadonlyMap<string, string>): string {
  let platform = "";
  return written
    .replace(/^#.*\n/, "")
    .split("\n")
    .map((line) => {
      const uri = /^(\s+uri: .*\/)v[^/]+\/(kubectl-imagedoctor)-.*-(\w+-\w+)\.tar\.gz$/.exec(line);
      if (uri !== null) {
        platform = uri[3] ?? "";
        return `${uri[1]}v${released}/${archiveName(released, platform)}`;
      }
      const sum = /^(\s+sha256: )/.exec(line);
      if (sum !== null) return `${sum[1]}${checksum(sums, platform)}`;
      return line.replace(/^(\s+version: )v.*$/, `$1v${released}`);
    })
    .join("\n");
}

/** The archive's file name, which is also the last part of its address. */
export function archiveName(released: string, platform: string): string {
  return `kubectl-imagedoctor-${released}-${platform}.tar.gz`;
}

function checksum(sums: ReadonlyMap<string, string>, platform: string): string {
  const sum = sums.get(platform);
  if (sum === undefined) throw new Error(`there is no archive for ${platform}`);
  return `"${sum}"`;
}

type Fields = Readonly<Record<string, unknown>>;

function pair({ os, arch }: Fields): string {
  return `${text(os)}/${text(arch)}`;
}

function record(value: unknown): Fields {
  return typeof value === "object" && value !== null && !Array.isArray(value) ? { ...value } : {};
}

function text(value: unknown): string {
  return typeof value === "string" ? value : "";
}

function fault(is: boolean, sentence: string): string | undefined {
  return is ? sentence : undefined;
}
