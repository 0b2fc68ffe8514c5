/** What a manifest says about itself, for telling an image from something else that a registry stores. */
export interface ManifestTypes {
  readonly artifactType: string;
  readonly configType: string;
  readonly layerTypes: readonly string[];
}

const imageConfigs = [
  "application/vnd.docker.container.image.v1+json",
  "application/vnd.oci.image.config.v1+json",
  "application/vnd.docker.container.image.rootfs.diff+x-gtar",
];

/** The start of a media type, and what is stored under it. */
const kinds: readonly (readonly [start: string, kind: string])[] = [
  ["application/vnd.cncf.helm.", "Helm chart"],
  ["application/vnd.dev.cosign.", "cosign signature"],
  ["application/vnd.dev.sigstore.bundle", "Sigstore bundle (signature or attestation)"],
  ["application/vnd.cncf.notary.signature", "Notation signature"],
  ["application/vnd.in-toto", "attestation"],
  ["application/vnd.dsse.envelope", "attestation"],
  ["application/spdx", "SBOM"],
  ["text/spdx", "SBOM"],
  ["application/vnd.cyclonedx", "SBOM"],
  ["application/vnd.syft+json", "SBOM"],
  ["application/vnd.goharbor.harbor.sbom", "SBOM"],
  ["application/vnd.wasm.", "WebAssembly module"],
  ["application/vnd.module.wasm.", "WebAssembly module"],
  ["application/wasm", "WebAssembly module"],
  ["application/vnd.bytecodealliance.wasm.", "WebAssembly module"],
  ["application/vnd.fluxcd.", "Flux artifact"],
  ["application/vnd.cncf.flux.", "Flux artifact"],
  ["application/vnd.timoni.", "Timoni module"],
  ["application/vnd.cncf.openpolicyagent.", "Open Policy Agent bundle"],
  ["application/vnd.cncf.kyverno.", "Kyverno policy"],
  ["application/vnd.cncf.falco.", "Falco rules"],
  ["application/vnd.sylabs.sif.", "Singularity image"],
  ["application/vnd.docker.plugin.", "Docker plugin"],
  ["application/vnd.docker.compose.project", "Compose project"],
  ["application/vnd.docker.ai.", "machine learning model"],
  ["application/vnd.cncf.model.", "machine learning model"],
  ["application/vnd.cnai.model.", "machine learning model"],
  ["application/vnd.kitops.modelkit.", "machine learning model"],
  ["application/vnd.ollama.", "machine learning model"],
  ["application/vnd.buildkit.cacheconfig.", "BuildKit cache"],
  ["application/vnd.opentofu.", "OpenTofu package"],
  ["application/vnd.devcontainers", "dev container feature"],
  ["application/vnd.crossplane.", "Crossplane package"],
  ["application/vnd.gitops.", "GitOps manifests"],
  ["application/vnd.oras.", "ORAS artifact"],
];

/**
 * What a manifest holds if it is no image: `Helm chart`, `SBOM`, or its own type where that is unknown; undefined for an image.
 * Signatures and attestations carry an image's config type, so the layers are asked as well.
 */
export function artifactKind({ artifactType, configType, layerTypes }: ManifestTypes): string | undefined {
  const looksLikeImage = configType === "" || imageConfigs.includes(configType);
  if (!looksLikeImage)
    return kindOf(artifactType) ?? kindOf(configType) ?? kindOfAll(layerTypes) ?? unnamed(artifactType, configType);
  const byLayers = kindOfAll(layerTypes);
  if (byLayers !== undefined) return byLayers;
  return configType === "" && artifactType !== "" ? (kindOf(artifactType) ?? artifactType) : undefined;
}

function kindOf(mediaType: string): string | undefined {
  const plain = mediaType.toLowerCase();
  return kinds.find(([start]) => plain.startsWith(start))?.[1];
}

/** The one kind that all layers have. */
function kindOfAll(layerTypes: readonly string[]): string | undefined {
  const first = kindOf(layerTypes[0] ?? "");
  return first !== undefined && layerTypes.every((type) => kindOf(type) === first) ? first : undefined;
}

/** The empty config of OCI 1.1 names nothing; a type of its own does. */
function unnamed(artifactType: string, configType: string): string {
  if (artifactType !== "") return artifactType;
  return /^application\/vnd\.(oci\.empty|unknown\.config)\./.test(configType) ? "artifact without a type" : configType;
}
