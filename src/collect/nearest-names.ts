/** Names that were perhaps meant: those that begin alike, then those a few letters away. At most three. */
export function nearestNames(wanted: string, names: readonly string[]): readonly string[] {
  const beginning = names.filter(
    (name) => name.startsWith(`${wanted}-`) || (name.length > 3 && wanted.startsWith(`${name}-`)),
  );
  const allowed = Math.max(1, Math.floor(wanted.length / 4));
  const close = names
    .map((name) => ({ name, distance: editDistance(wanted, name, allowed) }))
    .filter(({ distance }) => distance <= allowed)
    .sort((a, b) => a.distance - b.distance)
    .map(({ name }) => name);
  return [...new Set([...beginning, ...close])].slice(0, 3);
}

/** Levenshtein's distance, or `limit + 1` as soon as it is more than `limit`. */
function editDistance(a: string, b: string, limit: number): number {
  if (Math.abs(a.length - b.length) > limit) return limit + 1;
  let row = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) {
      const substitution = (row[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1);
      next.push(Math.min(substitution, (row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1));
    }
    row = next;
    if (Math.min(...row) > limit) return limit + 1;
  }
  return row[b.length] ?? limit + 1;
}
