import type { Runtime } from "../domain/cluster-facts.ts";
import type { Platform } from "../domain/probe.ts";
import { exactly, rankPlatform, withFallbacks } from "./match-platform.ts";

/**
 * Who chooses. containerd pulls by its client (`containerd-local`, before 2.1 or by configuration) or by its transfer service.
 * The rules differ in what a node takes beside its own platform.
 */
export type Chooser = "containerd-local" | "containerd-transfer" | "cri-o" | "docker";

/** One entry of an index, as far as the choice depends on it. */
export interface Choosable {
  /** Absent where the index does not say. */
  readonly platform?: Platform;
  /** Marked as compressed with zstd (annotation `io.github.containers.compression.zstd`); CRI-O prefers these. */
  readonly zstd?: boolean;
}

/**
 * - `chosen`: this entry is pulled;
 * - `unchecked`: this entry says no platform, so it is pulled and checked, if at all, only by its config;
 * - `none`: the runtime finds nothing. `almost` is an entry that another version of the runtime would take.
 */
export type Choice =
  | { readonly kind: "chosen"; readonly at: number }
  | { readonly kind: "unchecked"; readonly at: number }
  | { readonly kind: "none"; readonly almost?: number };

/** Which rules a node follows. A containerd from 2.1 on uses the transfer service unless it is configured not to. */
export function chooserOf(runtime: Runtime): Chooser {
  if (runtime.name === "cri-o" || runtime.name === "docker") return runtime.name;
  const [major, minor] = /^v?([0-9]{1,4})\.([0-9]{1,4})/.exec(runtime.version)?.slice(1).map(Number) ?? [];
  const transfers = major !== undefined && minor !== undefined && (major > 2 || (major === 2 && minor >= 1));
  return runtime.name === "containerd" && transfers ? "containerd-transfer" : "containerd-local";
}

/**
 * The entry that a node takes from an index, entries in their order. `list` is true for a Docker manifest list
 * (CRI-O takes no entry without platform from one).
 * Sources: containerd/containerd:core/images/image.go, core/transfer/image/imagestore.go;
 * containers/image:internal/manifest/oci_index.go; moby/moby:daemon/internal/distribution/pull_v2_unix.go.
 */
export function choosePlatform(entries: readonly Choosable[], node: Platform, chooser: Chooser, list = false): Choice {
  if (chooser === "cri-o") return asCrio(entries, node, list);
  const windows = node.os.toLowerCase() === "windows";
  const choice = windows ? onWindows(entries, node) : asContainerd(entries, node, chooser === "docker");
  if (chooser !== "containerd-transfer" || choice.kind !== "chosen" || node.os.toLowerCase() === "windows")
    return choice;
  // The transfer service fetches exact matches only, and then looks for the best of all: nothing was fetched for it.
  const platform = entries[choice.at]?.platform;
  const fetched = platform === undefined || rankPlatform(exactly(node), platform) >= 0;
  return fetched ? choice : { kind: "none", almost: choice.at };
}

/**
 * The best rank wins, the first within it; an entry without platform is the last resort.
 * Docker takes an empty platform for none (moby/moby:daemon/internal/distribution/pull_v2_unix.go filterManifests).
 */
function asContainerd(entries: readonly Choosable[], node: Platform, emptyIsAbsent: boolean): Choice {
  const wanted = withFallbacks(node);
  return best(entries, ({ platform }) => {
    const absent = platform === undefined || (emptyIsAbsent && platform.os === "" && platform.architecture === "");
    return absent ? wanted.length : rankPlatform(wanted, platform);
  });
}

/** The greatest os.version, compared as text, among those that fit (containerd/platforms:platform_windows_compat.go Less). */
function onWindows(entries: readonly Choosable[], node: Platform): Choice {
  const wanted = exactly(node);
  let at = -1;
  for (const [index, { platform }] of entries.entries()) {
    if (platform === undefined || rankPlatform(wanted, platform) < 0) continue;
    const before = entries[at]?.platform?.osVersion ?? "";
    if (at < 0 || (platform.osVersion ?? "") > before) at = index;
  }
  if (at >= 0) return { kind: "chosen", at };
  const unsaid = entries.findIndex(({ platform }) => platform === undefined);
  return unsaid < 0 ? { kind: "none" } : { kind: "unchecked", at: unsaid };
}

/** Text is compared as it is written: CRI-O normalises nothing. */
function asCrio(entries: readonly Choosable[], node: Platform, list: boolean): Choice {
  const variants = crioVariants(node);
  const rank = ({ platform, zstd }: Choosable): number => {
    if (platform === undefined) return list ? -1 : 2 * variants.length;
    if (platform.os !== node.os || platform.architecture !== node.architecture) return -1;
    const at = variants.indexOf(platform.variant ?? "");
    return at < 0 ? -1 : 2 * at + (zstd === true || list ? 0 : 1);
  };
  return best(entries, rank);
}

const crioLevels: ReadonlyMap<string, readonly string[]> = new Map([
  ["arm", ["v8", "v7", "v6", "v5"]],
  ["arm64", ["v8"]],
]);

/** containers/image:internal/pkg/platform/platform_matcher.go WantedPlatforms. */
export function crioVariants(node: Platform): readonly string[] {
  const levels = crioLevels.get(node.architecture) ?? [];
  const variant = node.variant ?? "";
  if (variant === "") return ["", ...levels];
  const at = levels.indexOf(variant);
  return [...(at < 0 ? [variant] : levels.slice(at)), ""];
}

/** The first entry of the lowest rank; a negative rank is no match. */
function best(entries: readonly Choosable[], rank: (entry: Choosable) => number): Choice {
  let at = -1;
  let lowest = Number.POSITIVE_INFINITY;
  for (const [index, entry] of entries.entries()) {
    const own = rank(entry);
    if (own >= 0 && own < lowest) {
      lowest = own;
      at = index;
    }
  }
  if (at < 0) return { kind: "none" };
  return entries[at]?.platform === undefined ? { kind: "unchecked", at } : { kind: "chosen", at };
}
