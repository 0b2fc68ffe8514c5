/** So much of a secret's beginning is blotted out wherever it stands: servers cut what they repeat. */
const shortestBeginning = 12;

/** And so much at the end of a text, which is where texts are cut: by us, by a runtime, and by the length of an Event. */
const shortestEnd = 4;

const mark = "[redacted]";

/**
 * A text without secrets in any of their spellings, whole or cut. What stands in `own` is no secret, whoever has it for one.
 * Pure; costs the text's length for each spelling that stands in it, and hardly anything for the others, of which a run may have many.
 */
export function blotOut(text: string, spellings: readonly string[], own: string): string {
  const repeated = spellings
    .filter((spelling) => text.includes(spelling.slice(0, shortestBeginning)) && !own.includes(spelling))
    .sort((a, b) => b.length - a.length);
  const withoutWhole = repeated.reduce((clean, spelling) => clean.replaceAll(spelling, mark), text);
  return withoutEnd(repeated.reduce(withoutBeginning, withoutWhole), spellings, own);
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

/** Without what the text ends with of a spelling's beginning. */
function withoutEnd(text: string, spellings: readonly string[], own: string): string {
  const tail = text.slice(1 - shortestBeginning);
  const cut = spellings.reduce((most, spelling) => {
    if (!tail.includes(spelling.slice(0, shortestEnd)) || own.includes(spelling)) return most;
    return Math.max(most, endOf(tail, spelling));
  }, 0);
  return cut === 0 ? text : text.slice(0, -cut) + mark;
}

/** How much of a spelling's beginning a text ends with; 0 where that is no more than chance. */
function endOf(text: string, spelling: string): number {
  for (let length = Math.min(spelling.length, shortestBeginning) - 1; length >= shortestEnd; length -= 1)
    if (text.endsWith(spelling.slice(0, length))) return length;
  return 0;
}
