import type { FailureText } from "../../domain/failure-text.ts";

/**
 * The order in which wordings are tried: what is nearest to the node first, because its words are the most particular;
 * what a registry says in words before what it says in numbers; umbrellas last.
 */
export const stages = [
  "kubelet",
  "prefix",
  "wrapper",
  "node",
  "proxy",
  "dns",
  "network",
  "tls",
  "host",
  "phrase",
  "code",
  "status",
  "umbrella",
  "summary",
] as const;

export type Stage = (typeof stages)[number];

/** One way in which a runtime, a registry or the kubelet words a cause. */
export interface Wording {
  /** Who writes it: `containerd`, `cri-o`, `docker`, `kubelet`, `registry`, `proxy`, `go`, `kernel`. */
  readonly writtenBy: string;
  readonly stage: Stage;
  /** Matched in linear time against the innermost words, or against the whole text of the try. No nested quantifiers. */
  readonly pattern: RegExp;
  readonly reads?: "words" | "whole";
  /** What else must hold of the peeled text. */
  readonly when?: (text: FailureText) => boolean;
  /** Codes these words do not exclude, beside the members of an umbrella. */
  readonly alternatives?: readonly string[];
  /** Set where these words are a wrapper: the cause found under it becomes an alternative. */
  readonly opens?: boolean;
  /** What such a wrapper may hold, where nothing under it is recognised. */
  readonly within?: readonly string[];
  /** Set where the kubelet itself is the source, so that nothing is left to doubt. */
  readonly certain?: boolean;
  readonly example: string;
  /** The reason that comes with the example, where it matters. */
  readonly exampleReason?: string;
  /** Repository and path, or URL. */
  readonly source: string;
}
