import { setTimeout as pause } from "node:timers/promises";

/** Wakes whoever waits; a ring while nobody does is kept. */
export class Bell {
  #rung = false;
  #wake: (() => void) | undefined;

  ring(): void {
    this.#rung = true;
    this.#wake?.();
  }

  /** Until it rings, `milliseconds` are over, or `signal` is aborted. */
  async wait(milliseconds: number, signal: AbortSignal): Promise<void> {
    if (!this.#rung && !signal.aborted && milliseconds > 0) {
      const done = new AbortController();
      await Promise.race([
        pause(milliseconds, undefined, { signal: AbortSignal.any([signal, done.signal]) }).catch(() => {}),
        new Promise<void>((resolve) => {
          this.#wake = resolve;
        }),
      ]);
      done.abort();
    }
    this.#wake = undefined;
    this.#rung = false;
  }
}
