import { createHash } from "node:crypto";
import type { IndexEntry, ManifestFacts, Platform } from "../domain/probe.ts";
import { artifactKind } from "./artifact-kinds.ts";
import { type Choosable, type Chooser, choosePlatform } from "./choose-platform.ts";
import {
  field,
  isObject,
  type JsonObject,
  largestManifest,
  mostEntries,
  objectsField,
  parseObject,
  textField,
} from "./manifest-json.ts";
import { rankPlatform, withFallbacks } from "./match-platform.ts";

export { deepestIndex, largestManifest } from "./manifest-json.ts";

/** A manifest as it came: the bytes, and what was said about them. */
export interface ManifestAnswer {
  readonly body: Uint8Array;
  /** `Content-Type` as it came. */
  readonly contentType?: string;
  /** `Docker-Content-Digest` as it came. */
  readonly promisedDigest?: string;
  /** The digest that was asked for, where one was. */
  readonly wantedDigest?: string;
}

/** An entry of an index with what the choice depends on. */
export interface ManifestEntry extends IndexEntry, Choosable {}

export interface Descriptor {
  readonly mediaType: string;
  readonly digest: string;
  readonly size?: number;
}

/**
 * What came: a manifest (of an image or of something else), or something that is none.
 * `whole` is false where an index has more entries than are looked at.
 */
export type ManifestReading =
  | {
      readonly kind: "manifest";
      readonly facts: ManifestFacts;
      readonly entries: readonly ManifestEntry[];
      readonly whole: boolean;
      /** The config blob of an image: its platform is there, and it is the blob to try. */
      readonly config?: Descriptor;
    }
  | { readonly kind: "not-a-registry"; readonly why: "html" | "not-json" | "no-manifest" };

type Manifest = Extract<ManifestReading, { kind: "manifest" }>;

const types = new Map<string, ManifestFacts["kind"]>([
  ["application/vnd.docker.distribution.manifest.v2+json", "image"],
  ["application/vnd.oci.image.manifest.v1+json", "image"],
  ["application/vnd.docker.distribution.manifest.list.v2+json", "index"],
  ["application/vnd.oci.image.index.v1+json", "index"],
  ["application/vnd.docker.distribution.manifest.v1+json", "schema1"],
  ["application/vnd.docker.distribution.manifest.v1+prettyjws", "schema1"],
  ["application/vnd.oci.artifact.manifest.v1+json", "artifact"],
]);

/** Whether a media type is an index or a manifest list. */
export function isIndexType(mediaType: string): boolean {
  return types.get(mediaType) === "index";
}

/**
 * Reads a manifest: what it is, its digest (computed from the bytes), its platforms, its doubtful layers.
 * A document that is two things at once, or not what its Content-Type says, is `unknown` and `ambiguous` (CVE-2021-41190).
 */
export function readManifest(answer: ManifestAnswer): ManifestReading {
  const { body } = answer;
  if (body.length > largestManifest) return manifest({ ...basics(answer), kind: "unknown", problem: "too-large" }, []);
  const object = parseObject(body);
  if (object === undefined) return { kind: "not-a-registry", why: startsAsPage(body) ? "html" : "not-json" };
  const shape = shapeOf(object);
  if (shape === undefined) return { kind: "not-a-registry", why: "no-manifest" };

  const header = mediaTypeOf(answer.contentType);
  const own = textField(object, "mediaType");
  const mediaType = types.has(own) ? own : types.has(header) ? header : own || header || defaultType(shape);
  const facts = { ...basics(answer, shape === "schema1"), mediaType };
  if (isAmbiguous(object, shape, own, header)) return manifest({ ...facts, kind: "unknown", problem: "ambiguous" }, []);
  if (shape === "schema1") return manifest({ ...facts, kind: "schema1" }, []);
  const read = shape === "index" ? readIndex(object, facts) : readImage(object, facts, shape);
  // Runtimes go by the header: `unexpected media type application/octet-stream` (containerd/containerd:core/images/image.go Manifest).
  if (types.has(header) || read.facts.kind === "artifact") return read;
  // What somebody sends who says nothing of the type; it is no proof that a runtime takes it, nor that none does.
  if (header === "" || header === "application/json") return { ...read, facts: { ...read.facts, untyped: true } };
  return manifest({ ...facts, mediaType: header, kind: "unknown", problem: "mislabelled" }, []);
}

/**
 * The reading's facts with the platform check for a node. For an index the runtime's choice; for a single manifest `unchecked`,
 * because no runtime checks it (see `withConfig`). An index that was not looked at to its end never counts as `none`.
 */
export function withPlatform(
  reading: Manifest,
  node: Platform,
  chooser: Chooser,
): { readonly facts: ManifestFacts; readonly entry?: ManifestEntry } {
  const { facts, entries, whole } = reading;
  if (facts.kind === "image") return { facts: { ...facts, match: "unchecked" } };
  if (facts.kind !== "index") return { facts };
  const list = facts.mediaType === "application/vnd.docker.distribution.manifest.list.v2+json";
  const choice = choosePlatform(entries, node, chooser, list);
  if (choice.kind === "none") return { facts: { ...facts, match: whole ? "none" : "unchecked" } };
  const entry = entries[choice.at];
  if (entry === undefined) return { facts };
  const chosen = entry.platform === undefined ? {} : { chosen: entry.platform };
  return { facts: { ...facts, match: choice.kind === "chosen" ? "matched" : "unchecked", ...chosen }, entry };
}

/**
 * The facts of a single image with the platform of its config: `single-other` where the node's is another.
 * `config` is the config blob; what cannot be read leaves the facts as they are.
 */
export function withConfig(facts: ManifestFacts, config: Uint8Array, node?: Platform): ManifestFacts {
  const object = parseObject(config);
  const platform = object === undefined ? undefined : readPlatform(object);
  if (platform === undefined || platform.os === "" || platform.architecture === "") return facts;
  const known: ManifestFacts = { ...facts, platforms: facts.kind === "index" ? facts.platforms : [platform] };
  if (node === undefined) return known;
  // Levels are not compared: the processor's is not known from outside. What it runs beside its own architecture runs.
  const { variant: _, ...plainNode } = node;
  const { variant: __, ...plainImage } = platform;
  const runs = rankPlatform(withFallbacks(plainNode), plainImage) >= 0;
  return { ...known, match: runs ? "matched" : "single-other", chosen: platform };
}

function readIndex(object: JsonObject, facts: Bare): Manifest {
  const list = field(object, "manifests");
  const entries: ManifestEntry[] = [];
  const platforms: Platform[] = [];
  for (const entry of objectsField(object, "manifests")) {
    const platform = readPlatform(field(entry, "platform"));
    const annotations = field(entry, "annotations");
    const notes = isObject(annotations) ? annotations : {};
    entries.push({
      digest: textField(entry, "digest"),
      mediaType: textField(entry, "mediaType"),
      ...(platform === undefined ? {} : { platform }),
      ...(textField(notes, "io.github.containers.compression.zstd") === "true" ? { zstd: true } : {}),
    });
    const attestation = textField(notes, "vnd.docker.reference.type") !== "" || platform?.os === "unknown";
    if (platform !== undefined && !attestation) platforms.push(platform);
  }
  const whole = Array.isArray(list) && list.length <= mostEntries;
  return { ...manifest({ ...facts, kind: "index", platforms }, entries), whole };
}

function readImage(object: JsonObject, facts: Bare, shape: "image" | "artifact"): Manifest {
  const layerTypes = [...objectsField(object, "layers"), ...objectsField(object, "blobs")].map((layer) =>
    textField(layer, "mediaType"),
  );
  const written = field(object, "config");
  const config = isObject(written) ? written : {};
  const configType = textField(config, "mediaType");
  const artifactType = textField(object, "artifactType");
  const artifact =
    artifactKind({ artifactType, configType, layerTypes }) ??
    (shape === "artifact" ? "artifact without a type" : undefined);
  const doubtful = [...new Set(layerTypes.filter((type) => /foreign|nondistributable|zstd|encrypted/.test(type)))];
  const read: ManifestFacts = {
    ...facts,
    kind: artifact === undefined ? "image" : "artifact",
    ...(artifact === undefined ? {} : { artifact }),
    ...(doubtful.length === 0 ? {} : { layerMediaTypes: doubtful }),
  };
  const digest = textField(config, "digest");
  const size = field(config, "size");
  if (digest === "") return manifest(read, []);
  return {
    ...manifest(read, []),
    config: {
      mediaType: configType,
      digest,
      ...(typeof size === "number" && Number.isSafeInteger(size) ? { size } : {}),
    },
  };
}

/** What the document is by its fields; undefined where it is nothing that a registry serves as a manifest. */
function shapeOf(object: JsonObject): "index" | "image" | "artifact" | "schema1" | undefined {
  if (field(object, "schemaVersion") === 1 || Array.isArray(field(object, "fsLayers"))) return "schema1";
  if (Array.isArray(field(object, "manifests"))) return "index";
  if (isObject(field(object, "config")) || Array.isArray(field(object, "layers"))) return "image";
  const type = textField(object, "mediaType");
  if (Array.isArray(field(object, "blobs")) || types.get(type) === "artifact") return "artifact";
  // An empty index or image that says what it is: Go leaves empty lists out.
  const kind = types.get(type);
  return kind === "index" || kind === "image" ? kind : undefined;
}

function isAmbiguous(object: JsonObject, shape: string, own: string, header: string): boolean {
  const has = (name: string): boolean => field(object, name) !== undefined;
  if (shape === "index" && (has("layers") || has("config") || has("fsLayers"))) return true;
  if (shape === "schema1" && (has("layers") || has("config") || has("manifests"))) return true;
  if (types.has(own) && types.has(header) && own !== header) return true;
  return [own, header].some((type) => types.has(type) && types.get(type) !== shape);
}

type Bare = Omit<ManifestFacts, "kind">;

/** Digest, size, and whether the digest is the one that was asked for or promised. A signed schema 1 manifest has its digest without the signatures. */
function basics(answer: ManifestAnswer, signed = false): Bare {
  const { body, promisedDigest, wantedDigest } = answer;
  const expected = [wantedDigest, promisedDigest].filter((digest) => digest !== undefined && digest !== "");
  const digest = hash(body, wantedDigest?.startsWith("sha512:") ? "sha512" : "sha256");
  const differs = expected.some((each) => each !== hash(body, each?.startsWith("sha512:") ? "sha512" : "sha256"));
  return {
    mediaType: mediaTypeOf(answer.contentType),
    ...(signed ? {} : { digest }),
    ...(differs && !signed ? { digestMismatch: true } : {}),
    size: body.length,
    platforms: [],
  };
}

function hash(body: Uint8Array, algorithm: "sha256" | "sha512"): string {
  return `${algorithm}:${createHash(algorithm).update(body).digest("hex")}`;
}

function manifest(facts: ManifestFacts, entries: readonly ManifestEntry[]): Manifest {
  return { kind: "manifest", facts, entries, whole: true };
}

/** The platform object of an index entry or of a config; text is cut, hostile. */
function readPlatform(value: unknown): Platform | undefined {
  if (!isObject(value)) return undefined;
  const text = (name: string): string => textField(value, name).slice(0, 64);
  const features = field(value, "os.features");
  const named = Array.isArray(features) ? features.slice(0, 16).filter((each) => typeof each === "string") : [];
  return {
    os: text("os"),
    architecture: text("architecture"),
    ...(text("variant") === "" ? {} : { variant: text("variant") }),
    ...(text("os.version") === "" ? {} : { osVersion: text("os.version") }),
    ...(named.length === 0 ? {} : { osFeatures: named.map((feature) => feature.slice(0, 64)) }),
  };
}

function mediaTypeOf(contentType: string | undefined): string {
  return (contentType ?? "").split(";", 1)[0]?.trim().toLowerCase().slice(0, 256) ?? "";
}

function defaultType(shape: "index" | "image" | "artifact" | "schema1"): string {
  return (
    [...types].find(([type, kind]) => kind === shape && !type.includes("docker"))?.[0] ??
    "application/vnd.docker.distribution.manifest.v1+json"
  );
}

function startsAsPage(body: Uint8Array): boolean {
  return new TextDecoder().decode(body.subarray(0, 512)).trimStart().startsWith("<");
}
