import { createHash } from "node:crypto";
import { describe, expect, test } from "vitest";
import { artifactKind } from "../../src/probe/artifact-kinds.ts";
import {
  deepestIndex,
  isIndexType,
  largestManifest,
  type ManifestReading,
  readManifest,
  withConfig,
  withPlatform,
} from "../../src/probe/read-manifest.ts";
import { cpuTime } from "../support/cpu-time.ts";

const dockerManifest = "application/vnd.docker.distribution.manifest.v2+json";
const dockerList = "application/vnd.docker.distribution.manifest.list.v2+json";
const ociManifest = "application/vnd.oci.image.manifest.v1+json";
const ociIndex = "application/vnd.oci.image.index.v1+json";
const ociConfig = "application/vnd.oci.image.config.v1+json";
const digest = `sha256:${"a".repeat(64)}`;
const node = { os: "linux", architecture: "amd64" };

function bytes(value: unknown): Uint8Array {
  return new TextEncoder().encode(typeof value === "string" ? value : JSON.stringify(value));
}

function read(value: unknown, contentType?: string): ManifestReading {
  return readManifest({ body: bytes(value), ...(contentType === undefined ? {} : { contentType }) });
}

function manifest(value: unknown, contentType?: string): Extract<ManifestReading, { kind: "manifest" }> {
  const reading = read(value, contentType);
  if (reading.kind !== "manifest") throw new Error(`read as ${reading.why}`);
  return reading;
}

function image(layers: readonly string[], extra: Record<string, unknown> = {}): Record<string, unknown> {
  return {
    schemaVersion: 2,
    mediaType: ociManifest,
    config: { mediaType: ociConfig, digest, size: 7023 },
    layers: layers.map((mediaType) => ({ mediaType, digest, size: 1 })),
    ...extra,
  };
}

function index(platforms: readonly unknown[], extra: Record<string, unknown> = {}): Record<string, unknown> {
  const manifests = platforms.map((platform) => ({ mediaType: ociManifest, digest, size: 1, platform }));
  return { schemaVersion: 2, mediaType: ociIndex, manifests, ...extra };
}

describe("images", () => {
  test("a Docker manifest and an OCI manifest are images, with the config to try", () => {
    const oci = manifest(image(["application/vnd.oci.image.layer.v1.tar+gzip"]), ociManifest);
    expect(oci.facts).toMatchObject({ kind: "image", mediaType: ociManifest, platforms: [] });
    expect(oci.facts.layerMediaTypes).toBeUndefined();
    expect(oci.config).toEqual({ mediaType: ociConfig, digest, size: 7023 });
    const docker = manifest({ ...image([]), mediaType: dockerManifest }, dockerManifest);
    expect(docker.facts).toMatchObject({ kind: "image", mediaType: dockerManifest });
  });

  test("the digest is computed from the bytes, and compared with what was asked for and promised", () => {
    const body = bytes(image([]));
    const computed = `sha256:${createHash("sha256").update(body).digest("hex")}`;
    const facts = (given: object) => {
      const reading = readManifest({ body, ...given });
      return reading.kind === "manifest" ? reading.facts : undefined;
    };
    expect(facts({})).toMatchObject({ digest: computed, size: body.length });
    expect(facts({ wantedDigest: computed, promisedDigest: computed })?.digestMismatch).toBeUndefined();
    expect(facts({ wantedDigest: digest, promisedDigest: digest })).toMatchObject({
      digest: computed,
      digestMismatch: true,
    });
    expect(facts({ promisedDigest: digest })?.digestMismatch).toBe(true);
    const sha512 = `sha512:${createHash("sha512").update(body).digest("hex")}`;
    expect(facts({ wantedDigest: sha512 })?.digestMismatch).toBeUndefined();
  });

  test("foreign, zstd and encrypted layers are named, once each", () => {
    const zstd = "application/vnd.oci.image.layer.v1.tar+zstd";
    const foreign = "application/vnd.docker.image.rootfs.foreign.diff.tar.gzip";
    const sealed = "application/vnd.oci.image.layer.v1.tar+gzip+encrypted";
    const plain = "application/vnd.oci.image.layer.v1.tar+gzip";
    expect(manifest(image([plain, zstd, zstd, foreign, sealed])).facts.layerMediaTypes).toEqual([
      zstd,
      foreign,
      sealed,
    ]);
  });

  test("a single image is never checked by a runtime, until its config is read", () => {
    const { facts } = withPlatform(manifest(image([])), node, "containerd-local");
    expect(facts.match).toBe("unchecked");
    const config = (architecture: string) => bytes({ architecture, os: "linux", rootfs: {} });
    expect(withConfig(facts, config("arm64"), node)).toMatchObject({
      match: "single-other",
      platforms: [{ os: "linux", architecture: "arm64" }],
    });
    expect(withConfig(facts, config("amd64"), node).match).toBe("matched");
    expect(withConfig(facts, config("386"), node).match).toBe("matched");
    expect(withConfig(facts, bytes("<html>"), node)).toEqual(facts);
    expect(withConfig(facts, bytes({ os: "linux" }), node)).toEqual(facts);
  });
});

describe("indexes", () => {
  test("platforms are offered without attestations, and the node's is chosen", () => {
    const reading = manifest(
      index([
        { os: "linux", architecture: "arm64" },
        { os: "linux", architecture: "amd64" },
        { os: "unknown", architecture: "unknown" },
      ]),
    );
    expect(reading.facts).toMatchObject({
      kind: "index",
      platforms: [
        { os: "linux", architecture: "arm64" },
        { os: "linux", architecture: "amd64" },
      ],
    });
    const { facts, entry } = withPlatform(reading, node, "containerd-local");
    expect(facts).toMatchObject({ match: "matched", chosen: node });
    expect(entry).toBe(reading.entries[1]);
  });

  test("no entry for the node is none; an entry without platform is unchecked", () => {
    const arm = manifest(index([{ os: "linux", architecture: "arm64" }]));
    expect(withPlatform(arm, node, "cri-o").facts.match).toBe("none");
    const unsaid = manifest(index([undefined]));
    expect(withPlatform(unsaid, node, "containerd-local").facts).toMatchObject({ match: "unchecked" });
  });

  test("an empty index has nothing for anybody, with and without its list", () => {
    expect(withPlatform(manifest(index([])), node, "containerd-local").facts.match).toBe("none");
    expect(manifest({ schemaVersion: 2, mediaType: dockerList }).facts.kind).toBe("index");
  });

  test("of an index with too many entries nobody says that nothing fits", () => {
    const many = manifest(index(Array.from({ length: 5_000 }, () => ({ os: "linux", architecture: "s390x" }))));
    expect(many.entries.length).toBeLessThanOrEqual(200);
    expect(withPlatform(many, node, "containerd-local").facts.match).toBe("unchecked");
  });

  test("an index within an index is an entry like others, and the way down is bounded", () => {
    const nested = manifest(
      index([{ os: "linux", architecture: "amd64" }], { manifests: [{ mediaType: ociIndex, digest }] }),
    );
    expect(isIndexType(nested.entries[0]?.mediaType ?? "")).toBe(true);
    expect(deepestIndex).toBe(3);
  });
});

describe("schema 1", () => {
  const old = { schemaVersion: 1, name: "shop/web", tag: "1", fsLayers: [{ blobSum: digest }], signatures: [] };
  test.each([
    "application/vnd.docker.distribution.manifest.v1+prettyjws",
    "application/vnd.docker.distribution.manifest.v1+json",
    "text/plain",
    undefined,
  ])("is recognised as %s", (contentType) => {
    const { facts } = manifest(old, contentType);
    expect(facts.kind).toBe("schema1");
    // Its digest leaves the signatures out: nothing is said about it.
    expect(facts.digest).toBeUndefined();
    expect(facts.digestMismatch).toBeUndefined();
  });
});

describe("what is no image is named", () => {
  test.each([
    [
      "Helm chart",
      { config: { mediaType: "application/vnd.cncf.helm.config.v1+json", digest } },
      ["application/vnd.cncf.helm.chart.content.v1.tar+gzip"],
    ],
    ["cosign signature", {}, ["application/vnd.dev.cosign.simplesigning.v1+json"]],
    [
      "Notation signature",
      {
        artifactType: "application/vnd.cncf.notary.signature",
        config: { mediaType: "application/vnd.oci.empty.v1+json", digest },
      },
      ["application/jose+json"],
    ],
    ["SBOM", {}, ["text/spdx+json"]],
    [
      "SBOM",
      {
        artifactType: "application/vnd.cyclonedx+json",
        config: { mediaType: "application/vnd.oci.empty.v1+json", digest },
      },
      ["application/vnd.cyclonedx+json"],
    ],
    ["attestation", {}, ["application/vnd.in-toto+json", "application/vnd.in-toto+json"]],
    [
      "WebAssembly module",
      { config: { mediaType: "application/vnd.wasm.config.v0+json", digest } },
      ["application/wasm"],
    ],
    [
      "Flux artifact",
      { config: { mediaType: "application/vnd.cncf.flux.config.v1+json", digest } },
      ["application/vnd.cncf.flux.content.v1.tar+gzip"],
    ],
    [
      "Timoni module",
      { config: { mediaType: "application/vnd.timoni.config.v1+json", digest } },
      ["application/vnd.timoni.content.v1.tar+gzip"],
    ],
    [
      "Docker plugin",
      { config: { mediaType: "application/vnd.docker.plugin.v1+json", digest } },
      ["application/vnd.docker.image.rootfs.diff.tar.gzip"],
    ],
    [
      "application/vnd.acme.rocket+json",
      {
        artifactType: "application/vnd.acme.rocket+json",
        config: { mediaType: "application/vnd.oci.empty.v1+json", digest },
      },
      ["application/json"],
    ],
    [
      "artifact without a type",
      { config: { mediaType: "application/vnd.unknown.config.v1+json", digest } },
      ["application/octet-stream"],
    ],
  ])("%s", (artifact, extra, layers) => {
    expect(manifest(image(layers, extra)).facts).toMatchObject({ kind: "artifact", artifact });
  });

  test("an image stays one, with an artifact type beside an image's config, and with one odd layer", () => {
    const plain = "application/vnd.oci.image.layer.v1.tar+gzip";
    expect(manifest(image([plain], { artifactType: "application/vnd.acme.thing" })).facts.kind).toBe("image");
    expect(
      artifactKind({ artifactType: "", configType: ociConfig, layerTypes: [plain, "application/vnd.in-toto+json"] }),
    ).toBeUndefined();
    expect(artifactKind({ artifactType: "", configType: ociConfig, layerTypes: [] })).toBeUndefined();
  });

  test("the artifact manifest that OCI gave up", () => {
    const old = {
      mediaType: "application/vnd.oci.artifact.manifest.v1+json",
      artifactType: "application/spdx+json",
      blobs: [],
    };
    expect(manifest(old).facts).toMatchObject({ kind: "artifact", artifact: "SBOM" });
  });
});

describe("what is no manifest", () => {
  test.each([
    ["html", "<!doctype html><title>Sign in</title>"],
    ["html", "\n  <html>"],
    ["not-json", "Ref A: 1 Ref B: 2"],
    ["not-json", ""],
    ["not-json", "[1,2]"],
    ["no-manifest", { errors: [{ code: "DENIED" }] }],
    ["no-manifest", { status: "ok" }],
  ])("is %s", (why, body) => {
    expect(read(body, ociManifest)).toEqual({ kind: "not-a-registry", why });
  });
});

describe("hostile documents", () => {
  test.each(["text/plain; charset=utf-8", "application/octet-stream", "text/html"])(
    "an image sent as %s is mislabelled: runtimes go by the header",
    (header) => {
      const mediaType = header.split(";")[0];
      expect(manifest(image([]), header).facts).toMatchObject({ kind: "unknown", problem: "mislabelled", mediaType });
      expect(manifest(index([]), header).facts).toMatchObject({ kind: "unknown", problem: "mislabelled" });
    },
  );

  test.each([
    ["", true],
    ["application/json", true],
    [`${ociManifest}; charset=utf-8`, undefined],
  ])("one sent as %j is not, and that it was not called a manifest is noted: %j", (header, untyped) => {
    expect(manifest(image([]), header).facts.kind).toBe("image");
    expect(manifest(image([]), header).facts.untyped).toBe(untyped);
  });

  test("two things at once, or other than the header says, are ambiguous", () => {
    const both = { ...image([]), manifests: [] };
    expect(manifest(both).facts).toMatchObject({ kind: "unknown", problem: "ambiguous" });
    for (const parts of [
      { manifests: [], layers: [] },
      { manifests: [], fsLayers: [] },
      { manifests: [], config: {} },
    ])
      expect(manifest({ schemaVersion: 2, ...parts }).facts).toMatchObject({ kind: "unknown", problem: "ambiguous" });
    expect(manifest(image([]), ociIndex).facts).toMatchObject({ kind: "unknown", problem: "ambiguous" });
    expect(manifest(image([]), dockerManifest).facts).toMatchObject({ kind: "unknown", problem: "ambiguous" });
    expect(manifest({ ...image([]), mediaType: ociIndex }).facts).toMatchObject({
      kind: "unknown",
      problem: "ambiguous",
    });
    // A general type says nothing, so it contradicts nothing (Artifactory sends this one).
    expect(manifest(image([]), "application/json;charset=ISO-8859-1").facts).toMatchObject({
      kind: "image",
      mediaType: ociManifest,
    });
  });

  test("one byte more than containerd takes is too large, and not parsed", () => {
    const body = new Uint8Array(largestManifest + 1).fill(0x20);
    expect(readManifest({ body })).toMatchObject({ facts: { kind: "unknown", problem: "too-large" } });
    expect(largestManifest).toBe(4_393_216);
  });

  test("a deep document is refused in linear time", () => {
    const deep = "[".repeat(2_000_000);
    const started = cpuTime();
    expect(read(`{"manifests":${deep}`)).toMatchObject({ kind: "not-a-registry" });
    expect(read(`{"config":${'{"a":'.repeat(100)}1${"}".repeat(100)}}`)).toMatchObject({ kind: "not-a-registry" });
    expect(cpuTime() - started).toBeLessThan(2_000);
    // Brackets in text do not count.
    expect(manifest(image([], { annotations: { note: `${"[{".repeat(500)}\\"` } })).facts.kind).toBe("image");
  });

  test("prototype keys are data", () => {
    const body =
      '{"schemaVersion":2,"__proto__":{"manifests":[]},"constructor":1,"layers":[],"config":{"__proto__":{"digest":"x"}}}';
    const reading = manifest(body);
    expect(reading.facts.kind).toBe("image");
    expect(reading.config).toBeUndefined();
    expect(Object.hasOwn(Object.prototype, "manifests")).toBe(false);
  });

  test("fields of the wrong type and endless names are passed over or cut", () => {
    const odd = index(
      ["linux/amd64", { os: 5, architecture: ["amd64"] }, { os: "x".repeat(10_000), architecture: "amd64" }],
      { mediaType: 7 },
    );
    const { facts } = manifest(odd);
    expect(facts.kind).toBe("index");
    for (const platform of facts.platforms) expect(platform.os.length).toBeLessThanOrEqual(64);
    expect(manifest({ schemaVersion: 2, manifests: [null, 1, "x", []] }).entries).toEqual([]);
  });
});
