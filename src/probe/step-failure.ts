import type { CertificateFacts, NetworkFault, Step } from "../domain/probe.ts";

/** A step on the way to a host that failed: a value on its way to becoming an `unreachable` answer. */
export interface StepFailure {
  readonly step: Step;
  readonly fault: NetworkFault;
  /** host[:port] that could not be reached. */
  readonly host: string;
  /** host[:port] that was to be asked, where that is another one: a proxy failed on the way, or a redirect led there. */
  readonly target?: string;
  readonly address?: string;
  readonly systemCode?: string;
  readonly certificate?: CertificateFacts;
  /** What to say beside the fault, one line. */
  readonly detail?: string;
  /** Nothing was sent, and why: no fault of the host. */
  readonly unsent?: string;
}

export type Stepped<T> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly failure: StepFailure };

export function passed<T>(value: T): Stepped<T> {
  return { ok: true, value };
}

export function failed(failure: StepFailure): Stepped<never> {
  return { ok: false, failure };
}

/**
 * Calls `late` when the time is up or the run is closed, whichever is first; gives what takes both back.
 * Nothing may keep a run alive that nobody waits for.
 */
export function lateAfter(milliseconds: number, closing: AbortSignal, late: () => void): () => void {
  const timer = setTimeout(late, milliseconds);
  closing.addEventListener("abort", late, { once: true });
  return () => {
    clearTimeout(timer);
    closing.removeEventListener("abort", late);
  };
}

/** Milliseconds until a deadline (as `performance.now`), at least 1, at most `limit`. */
export function remaining(deadline: number, limit: number): number {
  return Math.max(1, Math.min(limit, deadline - performance.now()));
}
