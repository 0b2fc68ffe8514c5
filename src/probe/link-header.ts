const longestHeader = 8_192;

/**
 * The target of the first `rel=next` link of a Link header (RFC 8288); undefined where there is none.
 * One pass over at most 8 kB; commas and semicolons inside `<…>` and quotes belong to them.
 */
export function nextLink(header: string | undefined): string | undefined {
  if (header === undefined || header.length > longestHeader) return undefined;
  let at = 0;
  while (at < header.length) {
    const open = header.indexOf("<", at);
    if (open < 0) return undefined;
    const close = header.indexOf(">", open);
    if (close < 0) return undefined;
    const end = endOfLink(header, close + 1);
    const isNext = header
      .slice(close + 1, end)
      .split(";")
      .some((parameter) => /^\s*rel\s*=\s*(?:"(?:[^"]* )?next(?: [^"]*)?"|next)\s*$/i.test(parameter));
    if (isNext) return header.slice(open + 1, close);
    at = end + 1;
  }
  return undefined;
}

/** Where a link's parameters end: the next comma outside quotes. */
function endOfLink(header: string, from: number): number {
  let quoted = false;
  for (let at = from; at < header.length; at += 1) {
    if (header[at] === '"') quoted = !quoted;
    else if (header[at] === "," && !quoted) return at;
  }
  return header.length;
}
