/** So much of a secret's beginning is blotted out wherever it stands: servers cut what they repeat. */
const shortestBeginning = 12;

/** And so much at the end of a text, which is where texts are cut: by us, by a runtime, and by the length of an Event. */
const shortestEnd = 4;

const mark = "[redacted]";

/**
 * A text without secrets in any of their spellings, whole or cut. What stands in `own` is no secret, whoever has it for one.
 * Pure, linear in the length of the text for each spelling that stands in it.
 */
export function blotOut(text: string, spellings: readonly string[], own: string): string {
  const known = spellings.filter((spelling) => !own.includes(spelling)).sort((a, b) => b.length - a.length);
  // Of many secrets a text repeats one or two.
  const repeated = known.filter((spelling) => text.includes(spelling.slice(0, shortestBeginning)));
  const withoutWhole = repeated.reduce((clean, spelling) => clean.replaceAll(spelling, mark), text);
  const withoutBeginnings = repeated.reduce(withoutBeginning, withoutWhole);
  const cut = Math.max(0, ...known.map((spelling) => endOf(withoutBeginnings, spelling)));
  return cut === 0 ? withoutBeginnings : withoutBeginnings.slice(0, -cut) + mark;
}

function withoutBeginning(text: string, spelling: string): string {
  if (spelling.length < shortestBeginning) return text;
  const beginning = spelling.slice(0, shortestBeginning);
  const parts: string[] = [];
  let from = 0;
  for (let at = text.indexOf(beginning); at >= 0; at = text.indexOf(beginning, from)) {
    let length = shortestBeginning;
    while (length < spelling.length && text[at + length] === spelling[length]) length += 1;
    parts.push(text.slice(from, at), mark);
    from = at + length;
  }
  return from === 0 ? text : parts.join("") + text.slice(from);
}

/** How much of a spelling's beginning a text ends with; 0 where that is no more than chance. */
function endOf(text: string, spelling: string): number {
  const most = Math.min(spelling.length, shortestBeginning) - 1;
  for (let length = most; length >= shortestEnd; length -= 1)
    if (text.endsWith(spelling.slice(0, length))) return length;
  return 0;
}
