/** How long a line without an end is waited for, in milliseconds: a prompt has none. */
const promptPause = 200;

/** Passes a text on in whole lines, for what is secret in a line may come in two pieces. After `end` nothing is kept back. */
export function tellingLines(tell: (text: string) => void) {
  let pending = "";
  let clock: NodeJS.Timeout | undefined;
  const flush = (until: number): void => {
    if (until > 0) tell(pending.slice(0, until));
    pending = pending.slice(until);
  };
  return {
    add: (chunk: string): void => {
      clearTimeout(clock);
      pending += chunk;
      flush(pending.lastIndexOf("\n") + 1);
      clock = setTimeout(() => flush(pending.length), promptPause);
    },
    end: (): void => {
      clearTimeout(clock);
      flush(pending.length);
    },
  };
}
