/**
 * Markdown without its code: fenced blocks, and code spans by GFM's rule (a run of back-ticks opens, the next run of the same length closes).
 * What is left is what a renderer reads as markup, mentions and links.
 */
export function withoutCode(markdown: string): string {
  const kept: string[] = [];
  let fence: string | undefined;
  for (const line of markdown.split("\n")) {
    const marker = /^ {0,3}(?: {3})?(`{3,})[^`]*$/.exec(line)?.[1];
    if (fence !== undefined) {
      if (line.trim() === fence) fence = undefined;
    } else if (marker !== undefined) fence = marker;
    else kept.push(withoutSpans(line));
  }
  if (fence !== undefined) throw new Error("a fence is never closed");
  return kept.join("\n");
}

function withoutSpans(line: string): string {
  let rest = line;
  let kept = "";
  for (;;) {
    const open = /`+/.exec(rest);
    if (open === null) return kept + rest;
    const [run] = open;
    const after = rest.slice(open.index + run.length);
    const close = [...after.matchAll(/`+/g)].find(([found]) => found === run);
    if (close === undefined) throw new Error(`a code span is never closed: ${line}`);
    kept += rest.slice(0, open.index);
    rest = after.slice(close.index + run.length);
  }
}
