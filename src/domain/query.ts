import type { SecretFacts } from "./cluster-facts.ts";

/** A resource named on the command line, its type already canonical. */
export interface NamedResource {
  readonly type: "pod" | "deployment" | "statefulset" | "daemonset" | "replicaset" | "job" | "cronjob";
  readonly name: string;
}

/** An image that nobody runs yet: from `--image` or from a manifest file, with what admission would merge. */
export interface PlannedImage {
  readonly image: string;
  /** `--image` or `deployment/web in chart.yaml`. */
  readonly origin: string;
  /** The manifest file that names it, relative to where the program was started, and the line there, from 1. */
  readonly file?: string;
  readonly line?: number;
  readonly namespace: string;
  readonly owner?: { readonly kind: string; readonly name: string };
  readonly container?: string;
  readonly pullPolicy?: string;
  readonly serviceAccountName?: string;
  /** Its service account is in the same manifests, so the cluster need not have it yet. */
  readonly serviceAccountPlanned?: true;
  readonly pullSecretNames: readonly string[];
  readonly nodeSelector: Readonly<Record<string, string>>;
}

export type Subject =
  | { readonly kind: "named"; readonly resources: readonly NamedResource[] }
  | { readonly kind: "selected"; readonly type: NamedResource["type"]; readonly selector: string }
  /** No name: every failing pod of the namespace, or of all. */
  | { readonly kind: "failing" }
  | ({ readonly kind: "planned"; readonly images: readonly PlannedImage[] } & PlannedSecrets);

/** Secrets that applying the manifests brings, which the cluster need not have yet. */
export interface PlannedSecrets {
  /** Written in the manifests: newer than the cluster's of the same name. */
  readonly secrets?: readonly SecretFacts[];
  /** Those that an operator makes, and what of: `namespace/name` → `ExternalSecret regcred`. */
  readonly promised?: ReadonlyMap<string, string>;
}

/** What the user asked about. */
export interface Query {
  readonly subject: Subject;
  /** Undefined = all namespaces. */
  readonly namespace: string | undefined;
  /** `-c`: only this container. */
  readonly container?: string;
  /** False for `--no-probe`: nothing is sent to a registry. */
  readonly probe: boolean;
}
