/**
 * What came of one read from the API server (or from a saved file).
 * A refusal is a value: it becomes a gap in the report, and the diagnosis goes on with what is left.
 */
export type Read<T> =
  | { readonly kind: "found"; readonly value: T }
  /** 404: there is no such object. */
  | { readonly kind: "absent" }
  /** 403, with the rule that is missing, e.g. `get secrets`. */
  | { readonly kind: "forbidden"; readonly verb: string; readonly resource: string; readonly namespace?: string }
  /** Timed out, 5xx, cut off, or not understood; `why` is one bounded phrase. */
  | { readonly kind: "failed"; readonly why: string }
  /** Nobody asked: it was not needed, or the input (a saved file, `--image`) cannot hold it. */
  | { readonly kind: "unasked"; readonly why: string };

/** The value, if there is one. */
export function found<T>(read: Read<T> | undefined): T | undefined {
  return read?.kind === "found" ? read.value : undefined;
}
