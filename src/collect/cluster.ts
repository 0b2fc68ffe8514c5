import type { NodeFacts, SecretFacts, ServiceAccountFacts } from "../domain/cluster-facts.ts";
import type { Read } from "../domain/read.ts";
import type { EventFacts } from "./parse-event.ts";
import type { WorkloadFacts } from "./parse-workload.ts";
import type { PodFacts } from "./pod-facts.ts";

/** Which objects a list asks for. An absent namespace means all of them. */
export interface Selection {
  readonly namespace?: string;
  /** As for `kubectl -l`. */
  readonly labels?: string;
  /** Field selector: path → value, all of them. */
  readonly fields?: Readonly<Record<string, string>>;
  /** Field selector: path → values it must not have. */
  readonly without?: Readonly<Record<string, readonly string[]>>;
  /** Stop after about this many objects; the listing is then incomplete. */
  readonly most?: number;
  /** Metadata (names, labels) is enough. */
  readonly metadataOnly?: boolean;
}

/** What a list gave. Only objects that the caller wanted are kept, so memory follows what is broken. */
export interface Listing<T> {
  readonly items: readonly T[];
  /** How many objects went by, kept or not. */
  readonly seen: number;
  /** False where the list ended early: an expired continue token twice, or `most` was reached. */
  readonly complete: boolean;
  /** Where a watch can go on from. */
  readonly resourceVersion?: string;
}

export type WorkloadKind = "Deployment" | "ReplicaSet" | "StatefulSet" | "DaemonSet" | "Job" | "CronJob";

export type PodChange =
  | { readonly kind: "added" | "modified" | "deleted"; readonly pod: PodFacts }
  /** The position of the watch moved on without a change that matters. */
  | { readonly kind: "bookmark" };

/** One stretch of a watch: changes until the server ends it, or `gone` where the position is too old (410). */
export interface PodWatch {
  /** Ends when the connection ends; throws nothing. */
  readonly changes: AsyncIterable<PodChange>;
  /** Why it ended, once `changes` has: `closed` (reconnect from `resourceVersion`), `gone` (list again), or a refusal. */
  outcome(): { readonly kind: "closed"; readonly resourceVersion: string } | { readonly kind: "gone" } | Read<never>;
}

/**
 * The reads that the first stage makes. The real one is `kubernetes.ts`, over saved files `saved-cluster.ts`.
 * A refusal is a value (`Read`). Thrown is only `KnownError("cluster-unreadable")`, while no answer has come at all
 * (no kubeconfig, no such context, a login plugin that fails, no connection, 401), and the signal's own reason.
 */
export interface Cluster {
  /** Name of the context, where there is one. */
  readonly context?: string;
  /** Address of the API server, for the head of a report. */
  readonly server?: string;
  /** Namespace of the context; `default` where it names none. */
  readonly namespace: string;
  /** Of saved files: the namespaces whose pods they hold. */
  readonly namespaces?: readonly string[];
  pod(namespace: string, name: string, signal?: AbortSignal): Promise<Read<PodFacts>>;
  pods(selection: Selection, keep: (pod: PodFacts) => boolean, signal?: AbortSignal): Promise<Read<Listing<PodFacts>>>;
  /** Names only, for "did you mean". */
  podNames(namespace: string, signal?: AbortSignal): Promise<Read<readonly string[]>>;
  events(
    selection: Selection,
    keep: (event: EventFacts) => boolean,
    signal?: AbortSignal,
  ): Promise<Read<Listing<EventFacts>>>;
  secret(namespace: string, name: string, signal?: AbortSignal): Promise<Read<SecretFacts>>;
  /** Secrets of type `kubernetes.io/dockerconfigjson` of one namespace or (undefined) of all, few at most. */
  pullSecrets(namespace: string | undefined, signal?: AbortSignal): Promise<Read<readonly SecretFacts[]>>;
  /** Namespaces that have a Secret of this name. Nothing of the Secrets but their names is kept. */
  namespacesWithSecret(name: string, signal?: AbortSignal): Promise<Read<readonly string[]>>;
  serviceAccount(namespace: string, name: string, signal?: AbortSignal): Promise<Read<ServiceAccountFacts>>;
  node(name: string, signal?: AbortSignal): Promise<Read<NodeFacts>>;
  nodes(selection: Selection, signal?: AbortSignal): Promise<Read<Listing<NodeFacts>>>;
  workload(kind: WorkloadKind, namespace: string, name: string, signal?: AbortSignal): Promise<Read<WorkloadFacts>>;
  workloads(
    kind: WorkloadKind,
    selection: Selection,
    keep: (workload: WorkloadFacts) => boolean,
    signal?: AbortSignal,
  ): Promise<Read<Listing<WorkloadFacts>>>;
  /** Undefined where the source cannot be watched (saved files). */
  watchPods?(selection: Selection, resourceVersion: string, signal?: AbortSignal): PodWatch;
  /** Frees connections; nothing may be read afterwards. */
  close(): Promise<void>;
}
