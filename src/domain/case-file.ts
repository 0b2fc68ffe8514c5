import type { ImageUse, NodeFacts, ServiceAccountFacts } from "./cluster-facts.ts";
import type { Credential, NearMiss, PullSecret } from "./credential.ts";
import type { Gap } from "./gap.ts";
import type { ParsedReference } from "./image-reference.ts";
import type { Platform, Probe } from "./probe.ts";
import type { Read } from "./read.ts";
import type { Symptom } from "./symptom.ts";
import type { Target } from "./target.ts";

/** All that is known about one target. Causes read this and nothing else. */
export interface CaseFile {
  readonly target: Target;
  readonly reference: ParsedReference;
  /**
   * The node runs CRI-O and the image names no registry: the node's registries.conf decides where it looks, and `reference`,
   * which says docker.io, is the kubelet's view only.
   */
  readonly shortNameInCrio?: true;
  /** One for each telling failure, the newest first; the first is what the node says today. */
  readonly symptoms: readonly Symptom[];
  /** The Secrets the pod names, in order. */
  readonly pullSecrets: readonly PullSecret[];
  /** The logins the kubelet would try, in its order. */
  readonly candidates: readonly Credential[];
  /** Set where one Secret makes the kubelet refuse every image of the pod. */
  readonly keyringBlockedBy?: string;
  readonly nearMisses: readonly NearMiss[];
  /** Secrets the pod does not name that hold an entry for this registry: `namespace/name`. */
  readonly unusedSecrets: readonly { readonly namespace: string; readonly name: string; readonly key: string }[];
  /** Secrets of other namespaces that have the name of one that is missing here; `fits`: with an entry for this registry, where that is known. */
  readonly namesakes?: readonly { readonly namespace: string; readonly name: string; readonly fits?: boolean }[];
  readonly serviceAccount: Read<ServiceAccountFacts>;
  readonly node: Read<NodeFacts>;
  /** Platforms of the nodes it may run on: one for a bound pod, several or none before. */
  readonly platforms: readonly Platform[];
  /** The same image elsewhere in the cluster. */
  readonly imageUses: readonly ImageUse[];
  readonly probes: readonly Probe[];
  /** What was kept from this case beside what ClusterFacts tells of: logins of a file, answers for want of time, node configuration. */
  readonly gaps: readonly Gap[];
  /** When the case was opened; RFC 3339, UTC. Everything about time is told from here. */
  readonly now: string;
}
