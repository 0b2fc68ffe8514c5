import type { ContainerKind } from "../domain/target.ts";

/** What a pod says of one container: the wish and, where the kubelet has told it, the state. */
export interface ContainerFacts {
  readonly name: string;
  readonly kind: Extract<ContainerKind, "init" | "sidecar" | "regular" | "ephemeral">;
  /** As the pod wrote it. */
  readonly image: string;
  readonly pullPolicy?: string;
  /** Names of the volumes it mounts; image volumes among them are pulled for it. */
  readonly mounts: readonly string[];
  readonly status?: ContainerStatus;
}

export interface ContainerStatus {
  readonly state: "waiting" | "running" | "terminated" | "unknown";
  /** Of the waiting or terminated state. Not a closed set: kubelets since 1.33 put a raw error text here. */
  readonly reason?: string;
  readonly message?: string;
  /** What the runtime resolved the image to; empty until it is pulled. */
  readonly imageId?: string;
  readonly restarts: number;
}

export interface OwnerFacts {
  readonly kind: string;
  readonly name: string;
  readonly uid: string;
}

/** As much of a pod as the diagnosis reads. Texts are bounded and hostile. */
export interface PodFacts {
  readonly namespace: string;
  readonly name: string;
  readonly uid: string;
  readonly createdAt?: string;
  readonly deletedAt?: string;
  readonly labels: Readonly<Record<string, string>>;
  /** The controlling owner. */
  readonly owner?: OwnerFacts;
  readonly phase: string;
  readonly nodeName?: string;
  /** `spec.nodeSelector` and, where required node affinity allows one value only of os or architecture, that too. */
  readonly nodeSelector: Readonly<Record<string, string>>;
  readonly serviceAccountName?: string;
  readonly pullSecretNames: readonly string[];
  readonly containers: readonly ContainerFacts[];
  /** Volumes whose content is an image (KEP 4639). */
  readonly imageVolumes: readonly { readonly name: string; readonly image: string; readonly pullPolicy?: string }[];
}
