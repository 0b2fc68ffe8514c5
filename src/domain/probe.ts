import type { Runtime } from "./cluster-facts.ts";
import type { Credential } from "./credential.ts";
import type { ImageReference } from "./image-reference.ts";

/** Who asks: one login of the case, or nobody. */
export type Identity = { readonly kind: "anonymous" } | { readonly kind: "login"; readonly credential: Credential };

export const anonymous: Identity = { kind: "anonymous" };

/**
 * One thing to ask a registry. Two pods with the same question share one answer; `questionKey` in `probe/question-key.ts` says when.
 * - `manifest`: would this identity get the manifest, and is it what the node needs?
 * - `login`: does the token server accept this login at all (a token without scope)?
 * - `tags`: which tags are there (to find the nearest)?
 * - `repository`: does this other repository answer (a neighbour: `library/`, other case, the place an image moved to)?
 * - `signatures`: does a signature or attestation exist for this digest?
 */
export interface Question {
  readonly kind: "manifest" | "login" | "tags" | "repository" | "signatures";
  readonly reference: ImageReference;
  readonly as: Identity;
  /** The platform the image must have; absent where no node is known. */
  readonly platform?: Platform;
  /** The runtime whose choice among platforms counts; absent where no node is known. */
  readonly runtime?: Runtime;
  /** The node had trouble with blobs, so their place is tried whatever it costs; otherwise only if few requests were needed. */
  readonly blobs?: true;
  /** Ask this host (a mirror of the node's configuration) in the registry's place. */
  readonly via?: RegistryHost;
}

/** A platform as containerd writes it: `linux/arm/v7`. */
export interface Platform {
  readonly os: string;
  readonly architecture: string;
  readonly variant?: string;
  readonly osVersion?: string;
  readonly osFeatures?: readonly string[];
}

/** One host that a runtime would ask, in its order. */
export interface RegistryHost {
  /** `https` or `http`. */
  readonly scheme: "https" | "http";
  /** host[:port]. */
  readonly host: string;
  /** Path before `/<repository>/manifests`, usually `/v2`. */
  readonly path: string;
  readonly capabilities: readonly string[];
  readonly skipVerify?: boolean;
  /** PEM file names. */
  readonly ca?: readonly string[];
  readonly client?: readonly (readonly [certificate: string, key: string])[];
  readonly headers?: Readonly<Record<string, readonly string[]>>;
  /** HTTPS first, and plain HTTP after those failures after which this runtime goes there. */
  readonly httpFallback?: "containerd" | "cri-o";
}

/** The steps from a name to a blob. The first that fails is the evidence. */
export type Step =
  | "resolve"
  | "proxy"
  | "connect"
  | "tls"
  | "challenge"
  | "token"
  | "login"
  | "manifest"
  | "platform"
  | "config"
  | "blob"
  | "tags"
  | "signatures";

/** One step of the ladder. Everything in it may be shown; text from servers is bounded, and hostile. */
export interface Rung {
  readonly step: Step;
  readonly outcome: "passed" | "failed" | "skipped";
  /** host[:port] that was spoken to. */
  readonly host?: string;
  /** Where it went: `GET https://host/v2/shop/web/manifests/v1`, without query. */
  readonly request?: string;
  readonly status?: number;
  /** What came of it, one line: addresses, protocol and issuer, challenge, digest. */
  readonly detail?: string;
  readonly milliseconds?: number;
}

/** Why no answer came. Told apart by error code, never by message text. */
export type NetworkFault =
  | "dns-nxdomain"
  | "dns-server-failure"
  | "dns-unreachable"
  | "connect-refused"
  | "connect-timeout"
  | "no-route"
  | "connection-reset"
  | "response-timeout"
  | "proxy-unreachable"
  | "proxy-auth-required"
  | "proxy-rejected"
  | "tls-unknown-ca"
  | "tls-cert-expired"
  | "tls-cert-not-yet-valid"
  | "tls-hostname-mismatch"
  | "tls-client-certificate-required"
  | "tls-handshake-timeout"
  | "tls-handshake-failed"
  | "http-response-to-https"
  | "https-required"
  | "redirect-refused"
  | "address-refused"
  | "bad-response";

/** A certificate as it was presented. */
export interface CertificateFacts {
  readonly subject: string;
  readonly issuer: string;
  readonly names: readonly string[];
  readonly validFrom: string;
  readonly validTo: string;
}

/**
 * What an answer means, by the registry's own dialect (knowledge/registries), or by the specification where it has none.
 * The meaning is of one answer alone; weighing several is the causes' work.
 */
export type Meaning =
  | "granted"
  /** Asked without a login, and one is wanted. */
  | "login-wanted"
  /** This login is wrong. */
  | "login-refused"
  | "login-expired"
  /** The login is wrong, or may not read this, or there is no such repository: this registry does not tell. */
  | "login-refused-or-no-permission"
  /** The registry does not take the token that its own token server has just issued (clock, key, issuer). */
  | "token-refused"
  /** The login is known, and may not read this. */
  | "no-permission"
  /** The registry does not tell private from missing. */
  | "absent-or-no-access"
  | "repository-absent"
  | "tag-absent"
  /** 404 that does not say whether tag or repository is missing. */
  | "absent"
  | "tag-expired"
  | "rate-limited"
  /** The registry passes on the limit of the registry that it caches. */
  | "rate-limited-upstream"
  | "quota-exceeded"
  | "address-denied"
  | "geo-blocked"
  | "policy-blocked"
  | "suspended"
  | "terms-not-accepted"
  | "not-a-registry"
  | "registry-fault"
  | "token-server-fault"
  | "bad-request"
  | "unclear";

/** What the registry said, in its own words; bounded, and hostile. */
export interface RegistryWords {
  readonly status: number;
  readonly code?: string;
  readonly message?: string;
}

/** One entry of an index. */
export interface IndexEntry {
  readonly digest: string;
  readonly mediaType: string;
  readonly platform?: Platform;
}

/** What a manifest turned out to be. */
export interface ManifestFacts {
  readonly mediaType: string;
  /** `image`, `index`, or what it is instead. */
  readonly kind: "image" | "index" | "schema1" | "artifact" | "unknown";
  /** For an artifact: `Helm chart`, `cosign signature`, `SBOM`, … */
  readonly artifact?: string;
  /** Computed from the bytes; absent where only a HEAD was made. */
  readonly digest?: string;
  /** The digest that was asked for or promised differs from the computed one. */
  readonly digestMismatch?: boolean;
  readonly size?: number;
  /** Platforms offered: the index's, or the config's. Attestations are left out. */
  readonly platforms: readonly Platform[];
  /** The platform check, where the question named one. */
  readonly match?: "matched" | "none" | "unchecked" | "single-other";
  readonly chosen?: Platform;
  /** Where it is `unknown`: it is two things at once, sent under a Content-Type that is no manifest's, larger than a runtime takes, or no manifest that one knows. */
  readonly problem?: "ambiguous" | "mislabelled" | "too-large" | "unreadable";
  /** The registry did not say that it is a manifest: no Content-Type, or `application/json`, which runtimes may refuse. */
  readonly untyped?: boolean;
  /** Layers that a runtime may not take: foreign, zstd, encrypted. */
  readonly layerMediaTypes?: readonly string[];
  /** False where the blob host could not be reached; `blobHost` names it. */
  readonly blobsReachable?: boolean;
  readonly blobHost?: string;
  readonly blobFault?: NetworkFault | "refused" | "absent";
}

/** What came back. */
export type Answer =
  | {
      readonly kind: "granted";
      readonly meaning: "granted";
      readonly manifest?: ManifestFacts;
      readonly rateLimitRemaining?: number;
    }
  | {
      /** An HTTP answer that is not a grant, at the token server or at the registry. */
      readonly kind: "refused";
      readonly step: Step;
      readonly meaning: Exclude<Meaning, "granted">;
      readonly words: RegistryWords;
      /** Seconds, where the registry said when to come again. */
      readonly retryAfter?: number;
      /** It wants a login, and none was sent, whatever login there is: it names no way to log in, or the registry had sent us elsewhere. */
      readonly noWayIn?: true;
    }
  | {
      readonly kind: "unreachable";
      readonly step: Step;
      readonly fault: NetworkFault;
      /** host[:port] that could not be reached: the registry, its token server, a proxy, a blob store. */
      readonly host: string;
      readonly address?: string;
      readonly certificate?: CertificateFacts;
      /** The system's own code, e.g. `ECONNREFUSED`, `CERT_HAS_EXPIRED`. */
      readonly systemCode?: string;
    }
  | { readonly kind: "tags"; readonly meaning: "granted"; readonly tags: readonly string[]; readonly complete: boolean }
  | { readonly kind: "signatures"; readonly meaning: "granted"; readonly found: readonly string[] }
  /** Not asked, and why: the login would leave its registry, the host said 429 before. `timeUp`: the run's time was up before. */
  | { readonly kind: "unasked"; readonly why: string; readonly timeUp?: true };

/** What the node's own configuration says of an image, where it was given to us. */
export interface NodeConfigFacts {
  /** The places that the runtime asks, in its order, as `placeText` names them; the registry itself may be missing among them. */
  readonly way: readonly string[];
  /** It is CRI-O's, which reports what the last of them said, and the others beside it; containerd weighs. */
  readonly reportsLast?: true;
  /** The prefix that it blocks: the runtime refuses before it asks anybody. */
  readonly blockedBy?: string;
  /** A name without a registry that the runtime does not resolve; `candidates` are what it may mean. */
  readonly shortName?: { readonly kind: "unresolved" | "ambiguous"; readonly candidates: readonly string[] };
  /** Why no host is left to ask, one phrase. */
  readonly nowhere?: string;
  /** What the runtime does not go by, one phrase: `hosts.toml of docker.io: …`. */
  readonly ignored?: string;
  /** What could not be read here, one phrase; it is left out of `way`. */
  readonly unread?: string;
}

/** A question with its answer and the steps that led there. */
export interface Probe {
  readonly question: Question;
  /** Where it was asked at a mirror as well: the question about the registry itself. */
  readonly asked?: Question;
  readonly answer: Answer;
  readonly ladder: readonly Rung[];
  readonly nodeConfig?: NodeConfigFacts;
  /** Milliseconds by which this machine's clock is ahead of the registry's, behind where negative; absent within a minute. */
  readonly clockAhead?: number;
  /** The id of the registry's dialect (knowledge/registries), by its host or by what its answers gave away; absent where it is unknown. */
  readonly dialect?: string;
}
