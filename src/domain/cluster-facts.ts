import type { HealthyContainer } from "./container-ref.ts";
import type { Gap } from "./gap.ts";
import type { Read } from "./read.ts";
import type { Redacted } from "./redacted.ts";
import type { Target } from "./target.ts";

/** A Secret as it was read. The payloads stay sealed until `interpret/decode-pull-secret.ts` opens them. */
export interface SecretFacts {
  readonly namespace: string;
  readonly name: string;
  readonly type: string;
  /** Data keys in order, each with the base64-encoded payload as the API server sent it. */
  readonly data: ReadonlyMap<string, Redacted>;
  readonly createdAt?: string;
  /** The newest time in `metadata.managedFields`. */
  readonly changedAt?: string;
  /** What keeps it as it is and may put back what is changed by hand: `ExternalSecret regcred`, `Helm`. */
  readonly managedBy?: string;
}

export interface ServiceAccountFacts {
  readonly namespace: string;
  readonly name: string;
  readonly pullSecretNames: readonly string[];
  readonly createdAt?: string;
  readonly changedAt?: string;
}

/** A container runtime as the node names it, e.g. `containerd://1.6.20`. */
export interface Runtime {
  readonly name: "containerd" | "cri-o" | "docker" | "unknown";
  readonly version: string;
}

export interface NodeFacts {
  readonly name: string;
  /** `linux` or `windows`. */
  readonly os: string;
  /** GOARCH as the kubelet says it: `amd64`, `arm64`, `arm`, … */
  readonly architecture: string;
  /** Windows build, from `nodeInfo.kernelVersion`, e.g. `10.0.20348.2113`. */
  readonly osVersion?: string;
  readonly runtime: Runtime;
  readonly kubeletVersion: string;
  readonly ready: boolean;
  /** Conditions that are out of order, e.g. DiskPressure True. */
  readonly troubles: readonly { readonly type: string; readonly reason: string; readonly message: string }[];
  /** Names (with tags and digests) of images on the node; the kubelet lists the 50 largest only, by default. */
  readonly images: readonly string[];
  readonly labels: Readonly<Record<string, string>>;
  /** e.g. `aws:///eu-central-1a/i-0123`, `gce://…`, `azure:///…`. */
  readonly providerId?: string;
}

/** A container that runs an image that fails elsewhere: it tells "this node only" from "everywhere". */
export interface ImageUse {
  readonly image: string;
  readonly imageId?: string;
  readonly namespace: string;
  readonly pod: string;
  readonly node?: string;
}

/** A docker config file that the user named; its text stays sealed until `interpret/decode-pull-secret.ts` opens it. */
export interface DockerConfigFacts {
  /** As the user named it. */
  readonly file: string;
  readonly content: Redacted;
}

/** What the first stage hands on. Maps are keyed `namespace/name` (nodes: `name`). */
export interface ClusterFacts {
  readonly targets: readonly Target[];
  readonly secrets: ReadonlyMap<string, Read<SecretFacts>>;
  readonly serviceAccounts: ReadonlyMap<string, Read<ServiceAccountFacts>>;
  readonly nodes: ReadonlyMap<string, Read<NodeFacts>>;
  /** Pull secrets of the targets' namespaces (or others, where they may be read), whether a target names them or not. */
  readonly otherSecrets: readonly SecretFacts[];
  /** Secrets of any namespace that have the name of one that a target names, where these may be listed; names only. */
  readonly namesakes?: readonly { readonly namespace: string; readonly name: string }[];
  readonly imageUses: readonly ImageUse[];
  /** Files whose logins are tried after those of the Secrets. */
  readonly dockerConfigs?: readonly DockerConfigFacts[];
  readonly gaps: readonly Gap[];
  /** How many pods were looked at, failing or not. */
  readonly examined: number;
  /** Pods that were asked for, do not fail, and have not started either: it is too early to call them healthy. */
  readonly unsettled?: number;
  /** Pods, lists and workloads that were asked for and could not be read: nothing can be said of them. */
  readonly unread?: number;
  /** Where pods were named or selected: what of them is well, up to a bound. */
  readonly healthy?: readonly HealthyContainer[];
}
