import type { ManifestFacts } from "../domain/probe.ts";
import { askAs } from "./ask-as.ts";
import { chooserOf } from "./choose-platform.ts";
import { deepestIndex, largestManifest } from "./manifest-json.ts";
import { isDigest, manifestTypes } from "./manifest-request.ts";
import { readBody } from "./read-body.ts";
import {
  type Descriptor,
  isIndexType,
  type ManifestReading,
  readManifest,
  withConfig,
  withPlatform,
} from "./read-manifest.ts";
import { hostText, originOfUrl } from "./registry-url.ts";
import type { Session } from "./session.ts";

type Manifest = Extract<ManifestReading, { kind: "manifest" }>;

/** Requests that a question may cost while all goes well. */
const straightPath = 4;
/** A config is a few kB; one that is larger is not read for its platform. */
const largestConfig = 1_048_576;

/**
 * What is behind a granted manifest, as far as a few requests tell: the node's platform in an index and the manifest chosen for it,
 * the platform in the config of a single image, and whether the place of the blobs can be reached.
 */
export async function lookInside(session: Session, reading: Manifest): Promise<ManifestFacts> {
  const { platform, runtime } = session.question;
  const chooser = chooserOf(runtime ?? { name: "unknown", version: "" });
  let current = reading;
  let { facts } = reading;
  for (let depth = 0; depth < deepestIndex && platform !== undefined; depth += 1) {
    const chosen = withPlatform(current, platform, chooser);
    facts = depth === 0 ? chosen.facts : { ...facts, ...checkOf(chosen.facts) };
    if (chosen.entry === undefined || !isDigest(chosen.entry.digest)) break;
    if (!isIndexType(chosen.entry.mediaType) && !canAfford(session)) break;
    const child = await childOf(session, chosen.entry.digest);
    if (child === undefined) break;
    current = child;
    // A manifest that an index names is taken at the index's word.
    if (child.facts.kind !== "index") depth = deepestIndex;
    if (child.facts.layerMediaTypes !== undefined) facts = { ...facts, layerMediaTypes: child.facts.layerMediaTypes };
  }
  const { config } = current;
  if (config === undefined || !isDigest(config.digest) || !canAfford(session)) return facts;
  return withBlob(session, facts, config, current === reading);
}

function canAfford({ requests, question }: Session): boolean {
  return requests < straightPath || question.blobs === true;
}

function checkOf({ match, chosen }: ManifestFacts): Partial<ManifestFacts> {
  return { ...(match !== undefined && { match }), ...(chosen !== undefined && { chosen }) };
}

/** The manifest an index names; undefined where the registry does not give it, or gives another. */
async function childOf(session: Session, digest: string): Promise<Manifest | undefined> {
  const known = session.manifest(digest);
  if (known !== undefined) return known.kind === "manifest" ? known : undefined;
  const outcome = await askAs(session, {
    step: "platform",
    method: "GET",
    url: session.url(`/manifests/${digest}`),
    accept: manifestTypes,
    limit: largestManifest + 1,
  });
  if (outcome.kind !== "answered" || outcome.fetched.response.status >= 300) return undefined;
  const { response } = outcome.fetched;
  const body = readBody(response, largestManifest + 1);
  if (body === undefined) return undefined;
  const contentType = response.headers.get("content-type");
  const read = readManifest({ body, wantedDigest: digest, ...(contentType !== undefined && { contentType }) });
  if (read.kind !== "manifest" || read.facts.digestMismatch === true) return undefined;
  session.remember(read);
  return read;
}

/**
 * Tries where blobs come from with the config: whole, where a single image's platform is in it and nowhere else; otherwise one byte.
 * The redirect to the place of the blobs is followed without the login.
 */
async function withBlob(
  session: Session,
  facts: ManifestFacts,
  config: Descriptor,
  single: boolean,
): Promise<ManifestFacts> {
  const { platform } = session.question;
  const whole = single && facts.kind === "image" && platform !== undefined && (config.size ?? 0) <= largestConfig;
  const outcome = await askAs(session, {
    step: whole ? "config" : "blob",
    method: "GET",
    url: session.url(`/blobs/${config.digest}`),
    ...(whole ? {} : { range: "bytes=0-0" }),
    limit: whole ? largestConfig : 1,
  });
  if (outcome.kind === "failed") {
    const { host, target = host, fault, unsent } = outcome.failure;
    if (unsent !== undefined) return facts;
    return { ...facts, blobsReachable: false, blobHost: target, blobFault: fault };
  }
  if (outcome.kind !== "answered") return facts;
  const { response, url } = outcome.fetched;
  const blobHost = hostText(originOfUrl(url));
  if (response.status >= 300) {
    const gone = response.status === 404 || response.status === 410;
    return { ...facts, blobsReachable: false, blobHost, blobFault: gone ? "absent" : "refused" };
  }
  const body = whole ? readBody(response, largestConfig) : undefined;
  const known = body === undefined ? facts : withConfig(facts, body, platform);
  return { ...known, blobsReachable: true, blobHost };
}
