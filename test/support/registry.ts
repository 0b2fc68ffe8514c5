import type { IncomingMessage, ServerResponse } from "node:http";
import type { TLSSocket } from "node:tls";
import { type BlobStore, sendBlob } from "./blob-store.ts";
import type { KeyPair } from "./certificates.ts";
import { type RegistryAuth, refuse } from "./registry-auth.ts";
import { answer, type Fault, type FaultCondition, type Handler, withFault } from "./registry-faults.ts";
import { buildImage, type Content, type ImageContent, type ImageSpec } from "./registry-images.ts";
import { RequestLedger } from "./registry-ledger.ts";
import { type Listener, type ListenOptions, listen } from "./registry-listener.ts";

export interface RegistryOptions {
  readonly images?: readonly ImageSpec[];
  readonly auth?: RegistryAuth;
  readonly faults?: readonly (FaultCondition & { readonly fault: Fault })[];
  /** Where blobs are: redirect there, under this host name. */
  readonly blobStore?: { readonly store: BlobStore; readonly host: string };
  /** Tags on one page of the tag list where the client does not ask for fewer; 100 where it is left out. */
  readonly tagPage?: number;
  /** Without the referrers API: 404, as before OCI 1.1. */
  readonly withoutReferrers?: boolean;
  /** Headers of every answer, e.g. `docker-distribution-api-version`, rate limits. */
  readonly headers?: Readonly<Record<string, string>>;
  readonly scheme?: "https" | "http";
  readonly certificate?: KeyPair | undefined;
  readonly address?: string;
  readonly port?: number;
  readonly clientAuthority?: string;
  readonly withoutClientCertificate?: ListenOptions["withoutClientCertificate"];
  readonly ledger?: RequestLedger;
}

export interface Registry extends Listener {
  readonly ledger: RequestLedger;
  /** Digest of the manifest that `repository:tag` names; throws if there is none. */
  digestOf(name: string): string;
}

interface Repository {
  readonly tags: Map<string, Content>;
  readonly manifests: Map<string, Content>;
  readonly blobs: Map<string, Content>;
}

/**
 * Starts a registry on loopback that speaks the distribution protocol
 * (https://github.com/opencontainers/distribution-spec, distribution/distribution's error codes).
 * A request that it does not know is noted in `ledger.unexpected`; end a test with `ledger.assertAllExpected()`.
 */
export async function startRegistry(options: RegistryOptions = {}): Promise<Registry> {
  const { ledger = new RequestLedger(), scheme = "https" } = options;
  const repositories = fill(options);
  const serve: Handler = (request, response) => {
    if (!hasClientCertificate(request, options)) {
      return answer(response, 400, "<html><body><center>No required SSL certificate was sent</center></body></html>", {
        "content-type": "text/html",
      });
    }
    const refusal = refuse(request, options.auth, repositoryIn(request));
    if (refusal !== undefined) return answer(response, refusal.status, refusal.body, refusal.headers);
    return route(request, response, repositories, options, ledger);
  };
  let faulty = serve;
  for (const { fault, ...condition } of options.faults ?? []) faulty = withFault(fault, condition, faulty);
  const handler: Handler = (request, response) => {
    const entry = ledger.note(request, `${scheme}://${request.headers.host ?? ""}`);
    response.on("close", () => {
      if (response.headersSent) entry.status = response.statusCode;
    });
    response.setHeader("docker-distribution-api-version", "registry/2.0");
    for (const [name, value] of Object.entries(options.headers ?? {})) response.setHeader(name, value);
    // The status must be in the ledger before the client can ask again.
    const end = response.end.bind(response);
    response.end = ((...rest: Parameters<typeof end>) => {
      entry.status = response.statusCode;
      return end(...rest);
    }) as typeof response.end;
    return faulty(request, response);
  };
  const listener = await listen(handler, options);
  return {
    ...listener,
    ledger,
    digestOf: (name) => {
      const [repository = "", tag = ""] = name.split(":");
      const digest = repositories.get(repository)?.tags.get(tag)?.digest;
      if (digest === undefined) throw new Error(`the registry holds no ${name}`);
      return digest;
    },
  };
}

function fill(options: RegistryOptions): Map<string, Repository> {
  const repositories = new Map<string, Repository>();
  for (const spec of options.images ?? []) {
    const repository = repositories.get(spec.repository) ?? { tags: new Map(), manifests: new Map(), blobs: new Map() };
    repositories.set(spec.repository, repository);
    const [subjectRepository = "", subjectTag = ""] = (spec.subject ?? "").split(":");
    const subject = repositories.get(subjectRepository)?.tags.get(subjectTag);
    const image: ImageContent = buildImage(spec, subject);
    for (const tag of spec.tags ?? []) repository.tags.set(tag, image.root);
    if (spec.kind === "signature" && subject !== undefined) {
      // cosign's tag scheme: sha256-<hex>.sig (sigstore/cosign pkg/oci/remote/remote.go).
      repository.tags.set(`${subject.digest.replace(":", "-")}.sig`, image.root);
    }
    for (const manifest of image.manifests) repository.manifests.set(manifest.digest, manifest);
    for (const blob of image.blobs) {
      repository.blobs.set(blob.digest, blob);
      options.blobStore?.store.put(blob);
    }
  }
  return repositories;
}

function hasClientCertificate(request: IncomingMessage, options: RegistryOptions): boolean {
  if (options.clientAuthority === undefined || options.withoutClientCertificate !== "status-400") return true;
  return (request.socket as TLSSocket).authorized === true;
}

const pattern = /^\/v2\/(.+)\/(manifests|blobs|tags|referrers)\/([^/]+)$/;

function repositoryIn(request: IncomingMessage): string | undefined {
  return pattern.exec((request.url ?? "/").split("?", 1)[0] ?? "")?.[1];
}

function route(
  request: IncomingMessage,
  response: ServerResponse,
  repositories: ReadonlyMap<string, Repository>,
  options: RegistryOptions,
  ledger: RequestLedger,
): ServerResponse {
  const url = new URL(request.url ?? "/", "http://registry.invalid");
  const reads = request.method === "GET" || request.method === "HEAD";
  if (reads && url.pathname === "/v2/") return answer(response, 200, {});
  const [, name = "", what, selector = ""] = pattern.exec(url.pathname) ?? [];
  if (!reads || what === undefined) {
    ledger.unexpected.push(
      `Nobody expected ${request.method} ${request.url} at ${request.headers.host}. A diagnosis only reads: ` +
        `GET and HEAD of /v2/, manifests, blobs, tags and referrers. If this request is right, teach test/support/registry.ts to answer it.`,
    );
    return answer(response, 404, { errors: [{ code: "UNSUPPORTED", message: "not a route of this registry" }] });
  }
  const repository = repositories.get(name);
  if (repository === undefined) return missing(response, what === "blobs" ? "BLOB_UNKNOWN" : "NAME_UNKNOWN", { name });
  if (what === "manifests") return sendManifest(response, repository, selector);
  if (what === "tags") return sendTags(response, name, repository, url, options.tagPage ?? 100);
  if (what === "referrers") return sendReferrers(response, repository, selector, options);
  const blob = repository.blobs.get(selector);
  if (blob === undefined) return missing(response, "BLOB_UNKNOWN", { digest: selector });
  if (options.blobStore !== undefined) {
    const { store, host } = options.blobStore;
    return answer(response, 307, "", { location: store.locationOf(host, blob.digest) });
  }
  return sendBlob(request.headers.range, response, blob);
}

function sendManifest(response: ServerResponse, repository: Repository, selector: string): ServerResponse {
  const manifest = selector.includes(":") ? repository.manifests.get(selector) : repository.tags.get(selector);
  if (manifest === undefined) return missing(response, "MANIFEST_UNKNOWN", { Tag: selector });
  response.statusCode = 200;
  response.setHeader("content-type", manifest.mediaType);
  response.setHeader("docker-content-digest", manifest.digest);
  response.setHeader("content-length", manifest.bytes.length);
  return response.end(manifest.bytes);
}

function sendTags(
  response: ServerResponse,
  name: string,
  repository: Repository,
  url: URL,
  page: number,
): ServerResponse {
  const all = [...repository.tags.keys()].sort();
  const last = url.searchParams.get("last");
  const rest = last === null ? all : all.filter((tag) => tag > last);
  const size = Math.min(Number(url.searchParams.get("n") ?? page) || page, page);
  const tags = rest.slice(0, size);
  const end = tags.at(-1);
  const next = `</v2/${name}/tags/list?last=${encodeURIComponent(end ?? "")}&n=${size}>; rel="next"`;
  return answer(response, 200, { name, tags }, rest.length > size && end !== undefined ? { link: next } : {});
}

function sendReferrers(
  response: ServerResponse,
  repository: Repository,
  digest: string,
  options: RegistryOptions,
): ServerResponse {
  if (options.withoutReferrers === true) return answer(response, 404, "404 page not found\n");
  const manifests = [...repository.manifests.values()].flatMap((content) => {
    const manifest: { subject?: { digest?: string }; config?: { mediaType?: string } } = JSON.parse(
      content.bytes.toString("utf8"),
    );
    if (manifest.subject?.digest !== digest) return [];
    const { mediaType } = content;
    return [
      { mediaType, digest: content.digest, size: content.bytes.length, artifactType: manifest.config?.mediaType },
    ];
  });
  const index = { schemaVersion: 2, mediaType: "application/vnd.oci.image.index.v1+json", manifests };
  response.setHeader("content-type", index.mediaType);
  return answer(response, 200, JSON.stringify(index));
}

/** 404 with the message that distribution/distribution has for the code (registry/api/errcode/register.go, v2 descriptors). */
function missing(
  response: ServerResponse,
  code: "NAME_UNKNOWN" | "MANIFEST_UNKNOWN" | "BLOB_UNKNOWN",
  detail: object,
): ServerResponse {
  const message = {
    NAME_UNKNOWN: "repository name not known to registry",
    MANIFEST_UNKNOWN: "manifest unknown",
    BLOB_UNKNOWN: "blob unknown to registry",
  }[code];
  return answer(response, 404, { errors: [{ code, message, detail }] });
}
