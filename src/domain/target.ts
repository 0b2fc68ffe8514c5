/** Where in a pod an image is named. `sandbox` is the pause image, which no pod names; `planned` is an image that no pod runs yet. */
export type ContainerKind = "init" | "sidecar" | "regular" | "ephemeral" | "image-volume" | "sandbox" | "planned";

/** What the kubelet (or a controller) reported, word for word. Text is hostile: nobody prints it unescaped. */
export interface PullFailure {
  readonly source: "event" | "status";
  /** `Failed`, `BackOff`, `ErrImagePull`, `FailedCreatePodSandBox`, … as written; not a closed set. */
  readonly reason: string;
  readonly message: string;
  /** When it was last seen; RFC 3339, UTC. */
  readonly at?: string;
  /** When it was first seen; RFC 3339, UTC. */
  readonly firstAt?: string;
  /** How often, where the source counts. */
  readonly count?: number;
  /** Who reported it: `kubelet on node1`, `replicaset-controller`. */
  readonly reporter?: string;
}

/** The object that makes the pods: a ReplicaSet, a Job, … and, where it is known, what made that. */
export interface Owner {
  readonly kind: string;
  readonly name: string;
}

/** One container whose image a node cannot pull, or a workload whose pods could not be made. */
export interface Target {
  readonly namespace: string;
  /** Absent for a workload without pods and for an image that is only planned. */
  readonly pod?: string;
  readonly owner?: Owner;
  /** Of an image that is only planned: the manifest file that names it, and the line there, from 1. */
  readonly file?: string;
  readonly line?: number;
  /** Absent for the sandbox image and for a workload whose pods were refused. */
  readonly container?: string;
  readonly containerKind: ContainerKind;
  /** As the pod wrote it. */
  readonly image: string;
  readonly pullPolicy?: string;
  readonly nodeName?: string;
  /** `spec.nodeSelector` plus what required node affinity says of os and architecture; for pods that have no node yet. */
  readonly nodeSelector: Readonly<Record<string, string>>;
  readonly createdAt?: string;
  readonly deletedAt?: string;
  readonly serviceAccountName?: string;
  /** Names in `spec.imagePullSecrets`, in order, as admission left them; empty ones, which the kubelet skips, among them. */
  readonly pullSecretNames: readonly string[];
  /** All that was reported about it, the newest telling one first. A back-off sentence without a cause is not telling. */
  readonly failures: readonly PullFailure[];
}
