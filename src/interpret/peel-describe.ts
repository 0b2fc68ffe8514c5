/** One row of the Events table that `kubectl describe` prints. */
export interface DescribedEvent {
  readonly reason: string;
  readonly message: string;
}

const mostRows = 50;
const longestMessage = 4_096;

/** Type, reason, age, from, message, as `kubectl describe` prints them. `From` may name a node after a comma. */
const describedRow =
  /^\s*(?:Normal|Warning)\s+(\w{1,60})\s+\S[^"]{0,60}?\s(?:kubelet|default-scheduler|[a-z-]{1,40}-controller)(?:, \S{1,253})?\s+(\S.*)$/;

/**
 * Last seen, type, reason, object, message, as `kubectl get events` and `kubectl events` print them; with `-A` a namespace
 * stands before, with `-o wide` the container and the source stand behind the object.
 */
const listedRow =
  /^\s*(?:[a-z0-9-]{1,63}\s+)??\d[\dsmhdy]{0,11}(?: \(x\d+ over \d[\dsmhdy]{0,11}\))?\s+(?:Normal|Warning)\s+(\w{1,60})\s+[\w.]{1,63}\/\S{1,253}\s+(?:spec\.\w{1,20}\{[^}]{0,63}\}\s+)?(?:kubelet, \S{1,253}\s+)?(\S.*)$/;

/** The end of a row whose beginning was not copied. */
const restOfRow = /\bFailed to pull image "/;

/**
 * The rows of a pasted Events table, in the order they stand, which is oldest first; a line that is no row goes on with the last.
 * A table copied from within its first row has no reason there. Empty where the text is no such table: then it is a message by itself.
 */
export function describedEvents(text: string): readonly DescribedEvent[] {
  const events: DescribedEvent[] = [];
  for (const line of text.split("\n")) {
    const cut = line.slice(0, longestMessage);
    const match = describedRow.exec(cut) ?? listedRow.exec(cut);
    const last = events.at(-1);
    if (match !== null && events.length < mostRows) {
      events.push({ reason: match[1] ?? "", message: match[2] ?? "" });
    } else if (last !== undefined && last.message.length + cut.length < longestMessage) {
      events[events.length - 1] = { ...last, message: `${last.message}\n${cut}` };
    } else if (last === undefined && restOfRow.test(cut)) {
      events.push({ reason: "", message: cut.slice(cut.search(restOfRow)) });
    }
  }
  return events.some(({ reason }) => reason !== "") ? events : [];
}
