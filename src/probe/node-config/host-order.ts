/**
 * The hosts of a hosts.toml in the order in which their tables begin, as containerd finds them: it looks at `[host."…"]` headers alone,
 * so hosts in inline tables and dotted keys are never asked, and one whose sub-table stands behind another host's comes twice.
 * (containerd/containerd:core/remotes/docker/config/hosts.go getSortedHosts). The text must be valid TOML.
 */
export function hostsInOrder(text: string): readonly string[] {
  const hosts: string[] = [];
  let quotes: string | undefined;
  for (const line of text.split(/\r?\n/)) {
    const begins = quotes === undefined;
    quotes = quotesAfter(line, quotes);
    const keys = begins ? tableKeys(line) : undefined;
    const [first, host] = keys ?? [];
    if (first === "host" && host !== undefined && host !== hosts.at(-1)) hosts.push(host);
  }
  return hosts;
}

/** The quotes of a text of several lines that is open at the end of a line; undefined where none is. */
function quotesAfter(line: string, open: string | undefined): string | undefined {
  let quotes = open;
  for (let at = 0; at < line.length; at += 1) {
    const three = line.slice(at, at + 3);
    if (quotes !== undefined) {
      if (quotes === '"""' && line[at] === "\\") at += 1;
      else if (three === quotes) {
        quotes = undefined;
        at += 2;
      }
    } else if (three === '"""' || three === "'''") {
      quotes = three;
      at += 2;
    } else if (line[at] === "#") return undefined;
    else if (line[at] === '"' || line[at] === "'") at = endOfText(line, at);
  }
  return quotes;
}

/** Where a text that begins at `start` ends on its line. */
function endOfText(line: string, start: number): number {
  const quote = line[start];
  for (let at = start + 1; at < line.length; at += 1) {
    if (quote === '"' && line[at] === "\\") at += 1;
    else if (line[at] === quote) return at;
  }
  return line.length;
}

/** The keys of a table's header, `[host."https://a".header]`; undefined for any other line. */
function tableKeys(line: string): readonly string[] | undefined {
  const opening = /^\s*\[(?!\[)/.exec(line);
  if (opening === null) return undefined;
  const keys: string[] = [];
  let at = opening[0].length;
  for (;;) {
    while (line[at] === " " || line[at] === "\t") at += 1;
    const start = at;
    if (line[at] === '"' || line[at] === "'") {
      at = endOfText(line, at) + 1;
      const key = keyOf(line.slice(start, at));
      if (key === undefined) return undefined;
      keys.push(key);
    } else {
      while (/[A-Za-z0-9_-]/.test(line[at] ?? "")) at += 1;
      if (at === start) return undefined;
      keys.push(line.slice(start, at));
    }
    while (line[at] === " " || line[at] === "\t") at += 1;
    if (line[at] === "]") return /^\s*(?:#|$)/.test(line.slice(at + 1)) ? keys : undefined;
    if (line[at] !== ".") return undefined;
    at += 1;
  }
}

/** A quoted key without its quotes; JSON's escapes are TOML's, save for a few that no host has. */
function keyOf(quoted: string): string | undefined {
  if (quoted.length < 2) return undefined;
  if (quoted.startsWith("'")) return quoted.slice(1, -1);
  try {
    const key: unknown = JSON.parse(quoted);
    return typeof key === "string" ? key : undefined;
  } catch {
    return undefined;
  }
}
