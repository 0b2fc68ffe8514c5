import type { Progress } from "../domain/progress.ts";

/** A progress line on stderr that goes away without a trace. */
export interface Spinner extends Progress {
  stop(): void;
}

/**
 * ora on a terminal, nothing elsewhere. ora is loaded after the first wait of a quarter of a second:
 * a run that is faster than that shows nothing and pays nothing.
 */
export function openSpinner(): Spinner {
  let text = "";
  let spinner: { text: string; stop(): unknown } | undefined;
  let stopped = false;
  const timer = setTimeout(() => {
    void import("ora").then(({ default: ora }) => {
      // The signal is ours to handle, and stdin stays the user's.
      if (!stopped && hasRoom(process.stderr))
        spinner = ora({ text, stream: process.stderr, discardStdin: false, hideCursor: true }).start();
    });
  }, 250);
  timer.unref();
  return {
    update(next) {
      text = printable(next);
      if (spinner !== undefined) spinner.text = text;
    },
    stop() {
      stopped = true;
      clearTimeout(timer);
      spinner?.stop();
    },
  };
}

/** Pseudo-terminals of build machines say that they are 0 columns wide: ora would clear lines without end (ora divides by it). */
function hasRoom({ columns }: { readonly columns?: number }): boolean {
  return columns === undefined || columns >= 20;
}

/** Names in progress lines come from the cluster. */
function printable(text: string): string {
  return text.replace(/[^\x20-\x7e]/gu, "?").slice(0, 120);
}
