import type { FailureFacts } from "./symptom.ts";

/** What the kubelet, or a controller, was doing when it wrote the text. */
export type Template =
  | "pull"
  | "back-off"
  | "waiting"
  | "sandbox"
  | "inspect"
  | "never"
  | "invalid-name"
  | "secrets"
  | "mount"
  | "intent"
  | "create"
  | "sync"
  | "unrelated"
  | "none";

/**
 * A failure text, peeled: one try of one pull, its layers as values, and the innermost words.
 * A text that reports several tries gives several of these.
 */
export interface FailureText {
  readonly template: Template;
  /** The event's or waiting state's reason, as it was handed in; empty where none was. */
  readonly reason: string;
  /** The kubelet's own error names and runtime prefixes that were peeled off: `ErrImagePull`, `RegistryUnavailable`, … */
  readonly errorNames: readonly string[];
  /** Operation heads, outermost first, by the names that `interpret/peel-heads.ts` gives them. */
  readonly heads: readonly string[];
  /** Image, URL, host, operation and the like. */
  readonly facts: FailureFacts;
  /** The failing request went through, or to, an HTTP proxy (`proxyconnect`). */
  readonly proxied: boolean;
  /** `http` or `https` where a URL failed. */
  readonly scheme?: string;
  /** The innermost error, without heads, URL and gRPC status; bounded. */
  readonly words: string;
  /** The text of this try under the kubelet's template; bounded. */
  readonly whole: string;
}
