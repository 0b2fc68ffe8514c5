import { createHash } from "node:crypto";
import { gzipSync } from "node:zlib";

/** Bytes under their digest, with the media type a manifest is served as. */
export interface Content {
  readonly digest: string;
  readonly mediaType: string;
  readonly bytes: Buffer;
}

/** What a registry keeps: every manifest and blob that `root` reaches, `root` included. */
export interface ImageContent {
  readonly root: Content;
  readonly manifests: readonly Content[];
  readonly blobs: readonly Content[];
}

/** How an image of a fake registry is described; plain enough to stand in a JSON file. */
export interface ImageSpec {
  readonly repository: string;
  /** Tags that name it; none for one that only its digest reaches. */
  readonly tags?: readonly string[];
  readonly kind?: "image" | "index" | "schema1" | "helm-chart" | "signature" | "sbom";
  /** `linux/amd64`, `linux/arm/v7`, `windows/amd64:10.0.17763.1`; `linux/amd64` where it is left out. */
  readonly platforms?: readonly string[];
  readonly family?: "docker" | "oci";
  /** Media type of the layer, where it is not the family's own. */
  readonly layerMediaType?: string;
  /** Add a BuildKit attestation (platform unknown/unknown) to the index. */
  readonly attestation?: boolean;
  /** The manifest this one refers to, `repository:tag` of an earlier image of the same registry. */
  readonly subject?: string;
  /** Serve other bytes than the layer's digest promises. */
  readonly corruptLayer?: boolean;
  /** Makes two images of the same shape differ. */
  readonly salt?: string;
}

const types = {
  docker: {
    manifest: "application/vnd.docker.distribution.manifest.v2+json",
    index: "application/vnd.docker.distribution.manifest.list.v2+json",
    config: "application/vnd.docker.container.image.v1+json",
    layer: "application/vnd.docker.image.rootfs.diff.tar.gzip",
  },
  oci: {
    manifest: "application/vnd.oci.image.manifest.v1+json",
    index: "application/vnd.oci.image.index.v1+json",
    config: "application/vnd.oci.image.config.v1+json",
    layer: "application/vnd.oci.image.layer.v1.tar+gzip",
  },
} as const;

const artifacts = {
  "helm-chart": {
    config: "application/vnd.cncf.helm.config.v1+json",
    layer: "application/vnd.cncf.helm.chart.content.v1.tar+gzip",
  },
  signature: {
    config: "application/vnd.oci.image.config.v1+json",
    layer: "application/vnd.dev.cosign.simplesigning.v1+json",
  },
  sbom: { config: "application/vnd.oci.empty.v1+json", layer: "application/spdx+json" },
} as const;

/** `sha256:…` of the bytes. */
function digestOf(bytes: Buffer): string {
  return `sha256:${createHash("sha256").update(bytes).digest("hex")}`;
}

/** Bytes of a JSON value with their digest. */
function jsonContent(mediaType: string, value: unknown): Content {
  const bytes = Buffer.from(JSON.stringify(value, null, 3));
  return { digest: digestOf(bytes), mediaType, bytes };
}

/**
 * Builds the manifests and blobs of one image: tiny, whole and consistent.
 * `subject` is the content that a signature or SBOM refers to.
 */
export function buildImage(spec: ImageSpec, subject?: Content): ImageContent {
  const family = types[spec.family ?? "docker"];
  const platforms = spec.platforms ?? ["linux/amd64"];
  const kind = spec.kind ?? (platforms.length > 1 ? "index" : "image");
  if (kind === "schema1") return schema1(spec);
  if (kind === "helm-chart" || kind === "signature" || kind === "sbom") return artifact(spec, artifacts[kind], subject);
  const images = platforms.map((platform) => single(spec, platform, family));
  const first = images[0];
  if (kind === "image" && first !== undefined) return first;
  const entries: { manifest: ImageContent; platform: object; annotations?: object }[] = images.map((image, at) => ({
    manifest: image,
    platform: platformFields(platforms[at] ?? "linux/amd64"),
  }));
  if (spec.attestation === true && first !== undefined) {
    entries.push({
      manifest: single({ ...spec, salt: `${spec.salt ?? ""}attestation` }, "unknown/unknown", family),
      platform: { os: "unknown", architecture: "unknown" },
      annotations: {
        "vnd.docker.reference.type": "attestation-manifest",
        "vnd.docker.reference.digest": first.root.digest,
      },
    });
  }
  const root = jsonContent(family.index, {
    schemaVersion: 2,
    mediaType: family.index,
    manifests: entries.map(({ manifest, platform, annotations }) => ({
      ...descriptor(manifest.root),
      platform,
      ...(annotations === undefined ? {} : { annotations }),
    })),
  });
  return {
    root,
    manifests: [root, ...entries.flatMap((entry) => entry.manifest.manifests)],
    blobs: entries.flatMap((entry) => entry.manifest.blobs),
  };
}

function single(spec: ImageSpec, platform: string, family: (typeof types)[keyof typeof types]): ImageContent {
  const layerBytes = gzipSync(Buffer.from(`${spec.repository} ${platform} ${spec.salt ?? ""}`));
  // The system that it was made on, which would be another on Windows and on a Mac, and with it each digest: Unix (RFC 1952).
  layerBytes[9] = 3;
  const layer: Content = {
    digest: digestOf(layerBytes),
    mediaType: spec.layerMediaType ?? family.layer,
    bytes: spec.corruptLayer === true ? Buffer.from("not what was promised") : layerBytes,
  };
  const config = jsonContent(family.config, {
    ...platformFields(platform),
    config: {},
    rootfs: { type: "layers", diff_ids: [layer.digest] },
    history: [],
  });
  const root = jsonContent(family.manifest, {
    schemaVersion: 2,
    mediaType: family.manifest,
    config: descriptor(config),
    layers: [{ ...descriptor(layer), size: layerBytes.length }],
  });
  return { root, manifests: [root], blobs: [config, layer] };
}

function artifact(spec: ImageSpec, media: { config: string; layer: string }, subject?: Content): ImageContent {
  const config = jsonContent(media.config, { name: spec.repository, salt: spec.salt });
  const layer = jsonContent(media.layer, { of: spec.repository });
  const root = jsonContent(types.oci.manifest, {
    schemaVersion: 2,
    mediaType: types.oci.manifest,
    config: descriptor(config),
    layers: [descriptor(layer)],
    ...(subject === undefined ? {} : { subject: descriptor(subject) }),
  });
  return { root, manifests: [root], blobs: [config, layer] };
}

function schema1(spec: ImageSpec): ImageContent {
  const layer = jsonContent("application/octet-stream", { of: spec.repository });
  const root = jsonContent("application/vnd.docker.distribution.manifest.v1+prettyjws", {
    schemaVersion: 1,
    name: spec.repository,
    tag: spec.tags?.[0] ?? "latest",
    architecture: "amd64",
    fsLayers: [{ blobSum: layer.digest }],
    history: [{ v1Compatibility: JSON.stringify({ os: "linux", architecture: "amd64" }) }],
    signatures: [],
  });
  return { root, manifests: [root], blobs: [layer] };
}

function descriptor(content: Content): { mediaType: string; size: number; digest: string } {
  return { mediaType: content.mediaType, size: content.bytes.length, digest: content.digest };
}

/** `linux/arm/v7` → `{os, architecture, variant}`; what follows a colon is `os.version`. */
function platformFields(platform: string): Record<string, string> {
  const [triple = "", version] = platform.split(":", 2);
  const [os = "linux", architecture = "amd64", variant] = triple.split("/");
  return {
    architecture,
    os,
    ...(variant === undefined ? {} : { variant }),
    ...(version === undefined ? {} : { "os.version": version }),
  };
}
