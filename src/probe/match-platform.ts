import type { Platform } from "../domain/probe.ts";
import { normalisePlatform } from "./normalise-platform.ts";
import { windowsVersionsFit } from "./windows-build.ts";

/** The platforms that a node takes, best first. */
export type Wanted = readonly Platform[];

/** Exactly this platform: containerd's OnlyStrict, and what its transfer service fetches. */
export function exactly(platform: Platform): Wanted {
  return [normalisePlatform(platform)];
}

/**
 * This platform, then those its processor runs too: amd64 runs 386, arm/v7 runs v6 and v5, arm64 runs 32-bit arm.
 * containerd/platforms:compare.go platformVector, Only.
 */
export function withFallbacks(platform: Platform): Wanted {
  const own = normalisePlatform(platform);
  const variants = (architecture: string, names: readonly string[]): readonly Platform[] =>
    names.map((variant) => ({ ...own, architecture, variant }));
  const { variant } = own;
  switch (own.architecture) {
    case "amd64":
      return [
        own,
        ...variants("amd64", countDown(levelOf(variant) - 1, 1)),
        withoutVariant({ ...own, architecture: "386" }),
      ];
    case "arm":
      return [own, ...variants("arm", countDown(levelOf(variant) - 1, 5))];
    case "arm64": {
      const levels = arm64Levels(variant ?? "v8");
      return levels === undefined ? [] : [...variants("arm64", levels), ...variants("arm", countDown(8, 5))];
    }
    default:
      return [own];
  }
}

/**
 * How well an entry fits: the position of the best wanted platform, plus a part of one for each feature of the node that the entry
 * does not use. Lower is better, -1 is no fit.
 */
export function rankPlatform(wanted: Wanted, entry: Platform): number {
  const normal = normalisePlatform(entry);
  const at = wanted.findIndex((platform) => fits(platform, normal));
  const features = wanted[at]?.osFeatures?.length ?? 0;
  return at < 0 ? -1 : at + (features - (normal.osFeatures?.length ?? 0)) / (features + 1);
}

/** Os, architecture and variant are the same, the entry's features are among the node's, and on Windows the versions go together. */
function fits(wanted: Platform, entry: Platform): boolean {
  const node = normalisePlatform(wanted);
  if (node.os !== entry.os || node.architecture !== entry.architecture || node.variant !== entry.variant) return false;
  if (node.os === "windows" && !windowsVersionsFit(node.osVersion ?? "", entry.osVersion ?? "")) return false;
  return (entry.osFeatures ?? []).every((feature) => node.osFeatures?.includes(feature) ?? false);
}

function withoutVariant({ variant: _, ...platform }: Platform): Platform {
  return platform;
}

/** `v3` → 3; 0 where there is no number. */
function levelOf(variant: string | undefined): number {
  const digits = /^v?([0-9]{1,2})$/.exec(variant ?? "")?.[1];
  return digits === undefined ? 0 : Number(digits);
}

function countDown(from: number, to: number): string[] {
  const names: string[] = [];
  for (let level = from; level >= to; level -= 1) names.push(`v${level}`);
  return names;
}

/** arm64 levels from `variant` down: v9.x runs what v8.(x+5) runs, v8.9 at most. Undefined for names that are no level. */
function arm64Levels(variant: string): string[] | undefined {
  const read = /^v?([89])(?:\.([0-9]))?$/.exec(variant);
  if (read === null) return undefined;
  const minor = Number(read[2] ?? 0);
  const names: string[] = [];
  const down = (major: number, from: number): void => {
    for (let step = from; step >= 0; step -= 1) names.push(step === 0 ? `v${major}` : `v${major}.${step}`);
  };
  if (read[1] === "9") down(9, minor);
  down(8, read[1] === "9" ? Math.min(minor + 5, 9) : minor);
  return names;
}
