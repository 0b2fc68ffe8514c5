/**
 * An error that a user can act on: no such context, an unreadable kubeconfig, a bad flag.
 * A refusal by the world (403, 401, no such host) is not one; it is a value. A bug is not one; it throws as it is.
 */
export class KnownError extends Error {
  readonly code: "usage" | "cluster-unreadable";
  /** What to do next: one sentence. */
  readonly hint: string;
  /** True where the same may work in a while: a server in trouble, not a wrong name. */
  readonly passing: boolean;

  constructor(
    code: KnownError["code"],
    message: string,
    hint: string,
    options?: { readonly cause?: unknown; readonly passing?: boolean },
  ) {
    super(message, options);
    this.name = "KnownError";
    this.code = code;
    this.hint = hint;
    this.passing = options?.passing ?? false;
  }
}
