/** An image reference, normalised as the kubelet and containerd do it (distribution/reference normalize.go). */
export interface ImageReference {
  /** As the pod wrote it. */
  readonly text: string;
  /** Host and, where written, port: `docker.io`, `registry.example.com:5000`. `index.docker.io` is already `docker.io`. */
  readonly registry: string;
  /** `library/nginx`. */
  readonly repository: string;
  /** `latest` where neither tag nor digest is written. Present beside a digest only if it was written. */
  readonly tag?: string;
  /** `sha256:…`; where it is present it decides and the tag is ignored by the runtime. */
  readonly digest?: string;
}

/** Why a reference does not parse, in the words of distribution/reference where they exist. */
export interface ReferenceProblem {
  readonly kind:
    | "empty"
    | "whitespace"
    | "scheme"
    | "upper-case"
    | "two-tags"
    | "empty-tag"
    | "bad-tag"
    | "bad-digest"
    | "hex-name"
    | "too-long"
    | "unexpanded-variable"
    | "invisible-character"
    | "userinfo"
    | "bad-format";
  /** One sentence that says what is wrong and where. */
  readonly text: string;
  /** The error as the kubelet prints it, e.g. `invalid reference format: repository name (library/Foo) must be lowercase`. */
  readonly kubeletError: string;
  /** The repaired reference, where one is obvious. */
  readonly repaired?: string;
}

export type ParsedReference =
  | { readonly kind: "valid"; readonly reference: ImageReference }
  | { readonly kind: "invalid"; readonly text: string; readonly problem: ReferenceProblem };

/** The same text for an image however it is written; also for what is no reference. */
export function imageKey(parsed: ParsedReference): string {
  return parsed.kind === "valid" ? canonicalName(parsed.reference) : `invalid ${parsed.text}`;
}

/** `registry/repository`, the name the kubelet looks logins up for. */
export function lookupName(reference: ImageReference): string {
  return `${reference.registry}/${reference.repository}`;
}

/** What a manifest is asked by: the digest where there is one, otherwise the tag. */
export function manifestSelector(reference: ImageReference): string {
  return reference.digest ?? reference.tag ?? "latest";
}

/** The full normalised reference: `docker.io/library/nginx:latest`. */
export function canonicalName(reference: ImageReference): string {
  const tag = reference.tag === undefined ? "" : `:${reference.tag}`;
  const digest = reference.digest === undefined ? "" : `@${reference.digest}`;
  return `${lookupName(reference)}${tag}${digest}`;
}
