import type { CaseFile } from "../../domain/case-file.ts";
import type { Certainty } from "../../domain/certainty.ts";
import type { Finding, Remedy } from "../../domain/diagnosis.ts";
import type { Wording } from "./wording.ts";

export type Family =
  | "spec"
  | "kubelet"
  | "secret"
  | "dns"
  | "network"
  | "proxy"
  | "tls"
  | "auth"
  | "registry"
  | "content"
  | "transfer"
  | "node"
  | "admission"
  | "meta";

/** A case with the verdict it must get: test, catalogue and `explain` read it. At least one of each cause is a near miss. */
export interface CauseExample {
  readonly name: string;
  /** Only what the example needs; the rest is "nothing is known". */
  readonly file: Partial<CaseFile>;
  /** `undefined`: a near miss, this cause must say nothing. */
  readonly finds: Certainty | undefined;
}

/**
 * Why a pull fails. One file holds all that is known of one cause:
 * its words, how runtimes write it, how evidence decides it, what mends it, and examples.
 * To add one: copy a neighbour, `npm run generate`, `npm test`.
 */
export interface Cause {
  readonly code: string;
  readonly family: Family;
  /** A sentence without a full stop, as a headline: `The registry refuses the login in the pull secret`. */
  readonly title: string;
  /** What it means, in two to four sentences for an engineer at night. */
  readonly explanation: string;
  /** Whether the kubelet's next try may succeed without anybody's help. */
  readonly retryable: boolean;
  /** Members, where this is an umbrella that text alone cannot open. */
  readonly covers?: readonly string[];
  /** How it looks: one line a runtime. */
  readonly looks: Readonly<Record<string, string>>;
  /** How it is told from its neighbours: code → what decides. */
  readonly toldFrom: Readonly<Record<string, string>>;
  /** How runtimes write it; empty where only evidence can show it. */
  readonly wordings: readonly Wording[];
  /**
   * The verdict on one case, or undefined where this cause has nothing to say.
   * Left out: `saidByTheNode` decides (the newest telling failure has this code, and no probe contradicts it).
   */
  readonly decide?: (file: CaseFile) => Finding | undefined;
  /** What to do, concrete for the registry at hand. */
  readonly remedies: (file: CaseFile) => readonly Remedy[];
  readonly examples: readonly CauseExample[];
}

/** Gives the compiler's help to a cause's file, and a place for the rules that all of them keep. */
export function defineCause(cause: Cause): Cause {
  return cause;
}
