import type { Platform } from "../domain/probe.ts";

/**
 * A platform in the one spelling that containerd compares: `Linux/x86_64` → `linux/amd64`, `arm` → `arm/v7`, `arm64/v8` → `arm64`.
 * An empty os means the node's own; here nodes that need it are Linux.
 * containerd/platforms:database.go normalizeOS, normalizeArch; platforms.go Normalize.
 */
export function normalisePlatform(platform: Platform): Platform {
  const { architecture, variant } = normaliseArchitecture(platform.architecture, platform.variant ?? "");
  const features = [...new Set(platform.osFeatures?.filter((feature) => feature !== ""))].sort(byCodeUnit);
  return {
    os: normaliseOs(platform.os),
    architecture,
    ...(variant === "" ? {} : { variant }),
    ...(platform.osVersion === undefined || platform.osVersion === "" ? {} : { osVersion: platform.osVersion }),
    ...(features.length === 0 ? {} : { osFeatures: features }),
  };
}

function normaliseOs(os: string): string {
  const lower = os.toLowerCase();
  if (lower === "") return "linux";
  return lower === "macos" ? "darwin" : lower;
}

/** containerd/platforms:database.go normalizeArch; an empty variant is the default one. */
function normaliseArchitecture(
  written: string,
  writtenVariant: string,
): { readonly architecture: string; readonly variant: string } {
  const architecture = written.toLowerCase();
  const variant = writtenVariant.toLowerCase();
  switch (architecture) {
    case "i386":
      return { architecture: "386", variant: "" };
    case "x86_64":
    case "x86-64":
    case "amd64":
      return { architecture: "amd64", variant: variant === "v1" ? "" : variant };
    case "aarch64":
    case "arm64":
      return { architecture: "arm64", variant: arm64Variant(variant) };
    case "armhf":
      return { architecture: "arm", variant: "v7" };
    case "armel":
      return { architecture: "arm", variant: "v6" };
    case "arm":
      return { architecture: "arm", variant: armVariant(variant) };
    default:
      return { architecture, variant };
  }
}

function arm64Variant(variant: string): string {
  if (["8", "v8", "v8.0"].includes(variant)) return "";
  return ["9", "v9", "v9.0"].includes(variant) ? "v9" : variant;
}

function armVariant(variant: string): string {
  if (variant === "" || variant === "7") return "v7";
  return ["5", "6", "8"].includes(variant) ? `v${variant}` : variant;
}

function byCodeUnit(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
