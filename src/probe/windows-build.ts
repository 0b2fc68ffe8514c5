/** A Windows version as far as images depend on it: major, minor, build. */
type Build = readonly [major: number, minor: number, build: number];

/** From this build on, containers of older long-term releases run too. */
const stableSince = 20_348;
/** Long-term releases with the stable interface, newest last: Windows Server 2022 and 2025. */
const longTerm = [20_348, 26_100];

/**
 * Whether a Windows host runs an image of this version. Before Server 2022 the build must be the same; after it,
 * the image's may lie between the newest earlier long-term release and the host's. An empty version fits everything.
 * containerd/platforms:platform_windows_compat.go.
 */
export function windowsVersionsFit(host: string, image: string): boolean {
  const own = readBuild(host);
  if (own.every((part) => part === 0) || image === "") return true;
  const [major, minor, build] = readBuild(image);
  if (own[0] !== major || own[1] !== minor) return false;
  if (own[2] < stableSince) return own[2] === build;
  // The release before the host's: 26100 itself still runs images of 20348.
  const oldest = longTerm.findLast((release) => own[2] > release) ?? stableSince;
  return build >= oldest && build <= own[2];
}

function readBuild(version: string): Build {
  const [major, minor, build] = version.split(".", 4);
  const read = [number(major, 255), number(minor, 255), number(build, 65_535)] as const;
  const [a, b, c] = read;
  return a === undefined || b === undefined || c === undefined ? [0, 0, 0] : [a, b, c];
}

function number(text: string | undefined, most: number): number | undefined {
  if (text === undefined || !/^[0-9]{1,5}$/.test(text)) return undefined;
  const value = Number(text);
  return value <= most ? value : undefined;
}
