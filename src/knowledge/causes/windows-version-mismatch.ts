import { asked, granted, said } from "../evidence/example-parts.ts";
import { platformFinding } from "../evidence/platforms.ts";
import { setImage } from "../evidence/remedies.ts";
import { defineCause } from "./cause.ts";

export const windowsVersionMismatch = defineCause({
  code: "windows-version-mismatch",
  family: "content",
  title: "The image is for another Windows version than the node",
  explanation: "Windows containers want an image built for the node's Windows build, and this image has none.",
  retryable: false,
  looks: {
    Docker:
      "`no matching manifest for windows/amd64 10.0.17763 in the manifest list entries`; `a Windows version … -based image is incompatible with a … host`",
    containerd: "the words of a platform mismatch",
  },
  toldFrom: {
    "platform-mismatch": "an image with no Windows build at all gives the same words",
  },
  wordings: [
    {
      writtenBy: "docker",
      stage: "phrase",
      pattern:
        /\bno matching manifest for windows\/\S+ \d|\ba Windows version \S+-based image is incompatible with\b|\bcontainer operating system does not match the host operating system\b/i,
      alternatives: ["platform-mismatch"],
      example: "no matching manifest for windows/amd64 10.0.17763 in the manifest list entries",
      source: "moby/moby daemon/internal/distribution/pull_v2_windows.go",
    },
  ],
  decide: (file) => platformFinding(file, "windows-version-mismatch"),
  remedies: (file) => [
    setImage(file, "Use a tag for the node's Windows version", undefined),
    { title: "Or select nodes that fit, by node.kubernetes.io/windows-build in the pod's nodeSelector" },
  ],
  examples: [
    {
      name: "Windows images only for another build",
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
      finds: "certain",
    },
    { name: "only the node's text says so", file: { symptoms: [said("windows-version-mismatch")] }, finds: "likely" },
    {
      name: "near miss: no Windows image at all",
      file: {
        platforms: [{ os: "windows", architecture: "amd64", osVersion: "10.0.17763.1" }],
        probes: [asked(granted({ match: "none", platforms: [{ os: "linux", architecture: "amd64" }] }))],
      },
      finds: undefined,
    },
  ],
});
