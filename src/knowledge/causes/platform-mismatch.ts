import { defineCause } from "./cause.ts";

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
        /\bno match for platform in (?:manifest|index)\b|\bno matching manifest for (?!windows\/\S+ \d)\S|\bno image found in (?:manifest list|image index) for architecture\b|\bImage architecture mismatch\b|\bdoes not (?:match|provide) the specified platform\b|\bcannot be used on this platform\b|\bno child with platform\b|\bno image found for platform\b|\boperating system is not supported\b/i,
      alternatives: ["windows-version-mismatch"],
      example: 'failed to pull and unpack image "reg.test/web:1": no match for platform in manifest: not found',
      source:
        "containerd/containerd core/images/handlers.go; moby/moby daemon/internal/distribution/pull_v2.go; containers/container-libs image/internal/manifest",
    },
  ],
  remedies: () => [
    {
      title: "Build and push the image for the node's platform, or select nodes by kubernetes.io/arch",
      command: "docker buildx build --platform linux/amd64,linux/arm64 --push -t IMAGE .",
    },
  ],
  examples: [],
});
