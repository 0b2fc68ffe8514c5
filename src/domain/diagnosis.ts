import type { Certainty } from "./certainty.ts";
import type { ContainerRef } from "./container-ref.ts";
import type { Probe } from "./probe.ts";

export type { ContainerRef };

/** One observed fact and where it was seen. */
export interface Evidence {
  /** `event`, `pod status`, `secret regcred`, `registry`, `token server`, `node`, `probe`, … */
  readonly source: string;
  readonly text: string;
  /** RFC 3339, UTC. */
  readonly at?: string;
}

/** One thing to do. The command holds no secret, is quoted for a POSIX shell, and the title says what it changes. */
export interface Remedy {
  readonly title: string;
  readonly command?: string;
  /** Where the command deletes one pod: which, and what makes it anew, so that those of many pods can be said as one. */
  readonly deletes?: { readonly namespace: string; readonly pod: string; readonly maker?: string };
}

/** One step asked with one login, as a row of the answer matrix. */
export interface Attempt {
  /** `secret regcred, entry "…"` with the masked user, or `anonymous`. */
  readonly credential: string;
  /** Where the login came from: `pod`, `service account`, `file …`, `nobody`. */
  readonly from: string;
  readonly step: string;
  /** `granted`, `refused`, `absent`, `unreachable`, `not asked`. */
  readonly outcome: string;
  readonly status?: number;
  readonly detail?: string;
}

/** A cause's verdict on one case. */
export interface Finding {
  readonly certainty: Certainty;
  /** In place of the cause's own title, where it helps to name the thing at fault. */
  readonly title?: string;
  readonly evidence: readonly Evidence[];
  /** Codes that the evidence does not exclude. */
  readonly alternatives?: readonly string[];
  /** What is particular to this case, one or two sentences after the cause's own explanation. */
  readonly detail?: string;
}

/** A finding with words and remedies, for all containers that share image and cause. */
export interface Diagnosis {
  readonly code: string;
  readonly certainty: Certainty;
  readonly title: string;
  readonly explanation: string;
  /** The cause's own words, without what is particular to this case. */
  readonly cause?: { readonly title: string; readonly explanation: string };
  /** Whether the kubelet's next try may succeed without anybody's help. */
  readonly retryable: boolean;
  readonly image: string;
  readonly containers: readonly ContainerRef[];
  readonly evidence: readonly Evidence[];
  readonly attempts: readonly Attempt[];
  readonly remedies: readonly Remedy[];
  readonly alternatives: readonly string[];
  /** For `-v`: the ladders of the probes behind it. */
  readonly probes: readonly Probe[];
}
