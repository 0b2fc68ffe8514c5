import type { Remedy } from "./diagnosis.ts";

/** A cause as a list of causes shows it. */
export interface ExplanationEntry {
  readonly code: string;
  /** `secret`, `tls`, `registry`, …: entries of one family stand together. */
  readonly family: string;
  readonly title: string;
}

/** A cause as `explain` tells it: what the catalogue knows of it, without a case. */
export interface Explanation extends ExplanationEntry {
  readonly explanation: string;
  /** Whether the kubelet's next try may succeed without anybody's help. */
  readonly retryable: boolean;
  /** Codes that it stands for, where it is an umbrella that text alone cannot open. */
  readonly covers: readonly string[];
  /** How it looks, runtime → one line. */
  readonly looks: Readonly<Record<string, string>>;
  /** How it is told from its neighbours, code → what decides. */
  readonly toldFrom: Readonly<Record<string, string>>;
  readonly remedies: readonly Remedy[];
}
