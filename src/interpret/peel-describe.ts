/** One row of the Events table that `kubectl describe` prints. */
export interface DescribedEvent {
  readonly reason: string;
  readonly message: string;
}

const mostRows = 50;

/** Type, reason, age, from, message; the columns are at least two spaces apart. `From` may name a node after a comma. */
const row =
  /^\s*(?:Normal|Warning)\s+(\w{1,60})\s+\S[^"]{0,60}?\s(?:kubelet|default-scheduler|[a-z-]{1,40}-controller)(?:, \S{1,253})?\s{2,}(\S.*)$/;

/**
 * The rows of a pasted Events table, in the order they stand, which is oldest first.
 * Empty where the text is no such table: then it is a message by itself.
 */
export function describedEvents(text: string): readonly DescribedEvent[] {
  const events: DescribedEvent[] = [];
  for (const line of text.split("\n")) {
    const match = row.exec(line.slice(0, 4_096));
    if (match !== null && events.length < mostRows) {
      events.push({ reason: match[1] ?? "", message: match[2] ?? "" });
    }
  }
  return events;
}
