/** Labels of real hosts have 63 characters; a longer one with a pattern is nobody's, and quadratic. */
const longestGlobbed = 1024;

/**
 * Go's filepath.Match on one label: `*` any run, `?` one character, `[a-z]` and `[^a-z]` classes, `\` quotes.
 * A malformed pattern matches nothing. `/` cannot occur in a label.
 */
export function matchLabel(pattern: string, label: string): boolean {
  if (!/[*?[\\]/.test(pattern)) return pattern === label;
  if (pattern.length > longestGlobbed || label.length > longestGlobbed) return false;
  const tokens = tokenise(pattern);
  return tokens !== undefined && matchTokens(tokens, label);
}

type Token = { readonly kind: "any" } | { readonly kind: "one"; readonly takes: (code: number) => boolean };

/** Greedy with one step back to the last `*`: quadratic at worst, in strings of bounded length. */
function matchTokens(tokens: readonly Token[], label: string): boolean {
  let at = 0;
  let next = 0;
  let star = -1;
  let resume = 0;
  while (at < label.length) {
    const token = tokens[next];
    if (token?.kind === "any") {
      star = next;
      resume = at;
      next += 1;
    } else if (token?.kind === "one" && token.takes(label.charCodeAt(at))) {
      at += 1;
      next += 1;
    } else if (star !== -1) {
      next = star + 1;
      resume += 1;
      at = resume;
    } else {
      return false;
    }
  }
  return tokens.slice(next).every(({ kind }) => kind === "any");
}

function tokenise(pattern: string): Token[] | undefined {
  const tokens: Token[] = [];
  for (let at = 0; at < pattern.length; ) {
    const letter = pattern.charAt(at);
    if (letter === "*") {
      tokens.push({ kind: "any" });
      at += 1;
    } else if (letter === "?") {
      tokens.push({ kind: "one", takes: () => true });
      at += 1;
    } else if (letter === "[") {
      const read = readClass(pattern, at + 1);
      if (read === undefined) return undefined;
      tokens.push({ kind: "one", takes: read.takes });
      at = read.end;
    } else {
      const quoted = letter === "\\" ? at + 1 : at;
      if (quoted >= pattern.length) return undefined;
      const code = pattern.charCodeAt(quoted);
      tokens.push({ kind: "one", takes: (other) => other === code });
      at = quoted + 1;
    }
  }
  return tokens;
}

/** A class after its `[`: at least one range, `\` quotes, a bare `-` or an early `]` is an error (Go path/filepath/match.go getEsc). */
function readClass(pattern: string, start: number): { takes: (code: number) => boolean; end: number } | undefined {
  const negated = pattern[start] === "^";
  const ranges: [number, number][] = [];
  let at = negated ? start + 1 : start;
  while (pattern[at] !== "]" || ranges.length === 0) {
    const low = readMember(pattern, at);
    if (low === undefined) return undefined;
    at = low.end;
    let high = low;
    if (pattern[at] === "-") {
      const upper = readMember(pattern, at + 1);
      if (upper === undefined) return undefined;
      high = upper;
      at = upper.end;
    }
    ranges.push([low.code, high.code]);
  }
  const takes = (code: number): boolean => ranges.some(([low, high]) => low <= code && code <= high) !== negated;
  return { takes, end: at + 1 };
}

/** One member of a class; something must follow it, since the class is still open. */
function readMember(pattern: string, start: number): { code: number; end: number } | undefined {
  const letter = pattern[start];
  if (letter === undefined || letter === "-" || letter === "]") return undefined;
  const at = letter === "\\" ? start + 1 : start;
  return at + 1 < pattern.length ? { code: pattern.charCodeAt(at), end: at + 1 } : undefined;
}
