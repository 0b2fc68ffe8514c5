/**
 * Whether a host fits a pattern, label by label and from end to end: `ghcr.io.evil.example` and `evilghcr.io` fit nothing.
 * `*` is one or more of a–z, 0–9, `-`, `_` within one label; `#` is one digit. The host may carry the default port, no other.
 */
export function hostFits(pattern: string, host: string): boolean {
  const plain = withoutDefaultPort(host.toLowerCase());
  const ending = pattern.slice(Math.max(pattern.lastIndexOf("*"), pattern.lastIndexOf("#")) + 1);
  if (!plain.endsWith(ending)) return false;
  const wanted = pattern.split(".");
  const labels = plain.split(".");
  return wanted.length === labels.length && wanted.every((label, at) => labelFits(label, labels[at] ?? ""));
}

/** `host:443` → `host`; any other port is part of the registry's identity and stays. */
export function withoutDefaultPort(host: string): string {
  return host.endsWith(":443") && host.indexOf(":") === host.length - 4 ? host.slice(0, -4) : host;
}

// A DNS label has at most 63 characters, so the quadratic worst case of one wildcard label is bounded.
function labelFits(pattern: string, label: string): boolean {
  if (label === "" || label.length > 63) return false;
  if (!pattern.includes("*") && !pattern.includes("#")) return pattern === label;
  return /^[a-z0-9_-]+$/.test(label) && fits(pattern, 0, label, 0);
}

function fits(pattern: string, p: number, label: string, l: number): boolean {
  for (; p < pattern.length; p += 1, l += 1) {
    if (pattern[p] === "*") {
      for (let end = l + 1; end <= label.length; end += 1) if (fits(pattern, p + 1, label, end)) return true;
      return false;
    }
    const character = label[l];
    if (character === undefined) return false;
    if (pattern[p] === "#" ? !/^[0-9]$/.test(character) : pattern[p] !== character) return false;
  }
  return l === label.length;
}
