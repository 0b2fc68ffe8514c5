import type { Platform } from "../../domain/probe.ts";
import { asked, granted, said } from "../evidence/example-parts.ts";
import { imageWord } from "../evidence/node-remedies.ts";
import { offeredPlatforms, platformFinding, platformText, wantedPlatform } from "../evidence/platforms.ts";
import { shellWord } from "../registries/shell-word.ts";
import { defineCause } from "./cause.ts";

const amd64 = { os: "linux", architecture: "amd64" };
const arm64 = { os: "linux", architecture: "arm64" };

export const platformMismatch = defineCause({
  code: "platform-mismatch",
  family: "content",
  title: "The image does not exist for the node's platform",
  explanation:
    "The image is there, but not for the operating system and processor of this node. Either build it for that platform too, or keep the pod on nodes that fit.",
  retryable: false,
  looks: {
    containerd: "`no match for platform in manifest: not found`",
    "CRI-O": '`no image found in manifest list for architecture "A", variant "V", OS "O"`',
    Docker: "`no matching manifest for linux/arm64/v8 in the manifest list entries`",
  },
  toldFrom: {
    "manifest-not-found": "there the tag itself is missing",
    "windows-version-mismatch": "there the platform is Windows and the build differs",
  },
  wordings: [
    {
      writtenBy: "containerd",
      stage: "phrase",
      pattern:
        /\bno match for platform in (?:manifest|index)\b|\bno matching manifest for (?!windows\/\S+ \d)\S|\bno image found in (?:manifest list|image index) for architecture\b|\bImage (?:architecture|operating system) mismatch\b|\bdoes not (?:match|provide) the specified platform\b|\bcannot be used on this platform\b|\bno child with platform\b|\bdoes not contain (?:a )?descriptor matching platform\b|\bno image found for platform\b|\boperating system is not supported\b/i,
      alternatives: ["windows-version-mismatch"],
      example: 'failed to pull and unpack image "reg.test/web:1": no match for platform in manifest: not found',
      source:
        "containerd/containerd core/images/handlers.go; moby/moby daemon/internal/distribution/pull_v2.go; containers/container-libs image/internal/manifest",
    },
  ],
  decide: (file) => platformFinding(file, "platform-mismatch"),
  remedies: (file) => {
    const wanted = wantedPlatform(file);
    const [offered] = offeredPlatforms(file);
    return [
      {
        title: `Build and push the image for ${wanted === undefined ? "the node's platform" : platformText(wanted)} as well`,
        // A command that builds what is there already would be no help.
        ...(wanted === undefined
          ? {}
          : {
              command: `docker buildx build --platform=${shellWord(buildFor(wanted, offeredPlatforms(file)))} --push --tag ${imageWord(file)} .`,
            }),
      },
      {
        title:
          offered === undefined
            ? "Or select nodes that fit, by kubernetes.io/os and kubernetes.io/arch in the pod's nodeSelector"
            : `Or select nodes that fit: kubernetes.io/os ${offered.os} and kubernetes.io/arch ${offered.architecture} in the pod's nodeSelector`,
      },
    ];
  },
  examples: [
    {
      name: "the index has nothing for the node",
      file: { platforms: [amd64], probes: [asked(granted({ match: "none", platforms: [arm64] }))] },
      finds: "certain",
    },
    {
      name: "one manifest for another platform, which the runtime refuses",
      file: {
        platforms: [amd64],
        symptoms: [said("platform-mismatch")],
        probes: [asked(granted({ kind: "image", match: "single-other", platforms: [arm64] }))],
      },
      finds: "certain",
    },
    { name: "only the node's text says so", file: { symptoms: [said("platform-mismatch")] }, finds: "likely" },
    {
      name: "near miss: one manifest for another platform is pulled all the same",
      file: {
        platforms: [amd64],
        probes: [asked(granted({ kind: "image", match: "single-other", platforms: [arm64] }))],
      },
      finds: undefined,
    },
    {
      name: "near miss: the index fits",
      file: {
        platforms: [amd64],
        symptoms: [said("platform-mismatch")],
        probes: [asked(granted({ match: "matched", platforms: [amd64] }))],
      },
      finds: undefined,
    },
    {
      name: "near miss: the same platform, another Windows build",
      file: {
        platforms: [{ os: "windows", architecture: "amd64", osVersion: "10.0.17763.1" }],
        probes: [
          asked(
            granted({
              match: "none",
              platforms: [{ os: "windows", architecture: "amd64", osVersion: "10.0.20348.1" }],
            }),
          ),
        ],
      },
      finds: undefined,
    },
  ],
});

/** What is there already and what is missing, as buildx takes it. */
function buildFor(wanted: Platform, offered: readonly Platform[]): string {
  const bare = [...offered.slice(0, 6), wanted].map(({ osVersion: _, ...platform }) => platformText(platform));
  return [...new Set(bare)].join(",");
}
