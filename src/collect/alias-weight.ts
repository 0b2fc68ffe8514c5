/** Aliases may make a document this much larger than it is written, and this many nodes may always come of it. */
const mostTimes = 20;
const mostNodes = 100_000;

interface Open {
  readonly node: object;
  readonly parts: readonly unknown[];
  next: number;
  weight: number;
}

/**
 * Whether aliases make so much of a document that whoever walks it would never come back: a few lines of YAML are gigabytes written
 * out ("billion laughs"), or hold themselves. Each node is weighed once, without recursion.
 */
export function isAliasBomb(document: unknown): boolean {
  const weights = new Map<object, number>();
  const open: Open[] = [];
  let written = 0;

  /** The weight of a part, if it is known; otherwise it is opened. */
  function enter(part: unknown): number | undefined {
    written += 1;
    if (typeof part !== "object" || part === null) return 1;
    const known = weights.get(part);
    if (known !== undefined) return known;
    // Whoever meets it before it is weighed has found it inside itself.
    weights.set(part, Number.POSITIVE_INFINITY);
    open.push({ node: part, parts: Object.values(part), next: 0, weight: 1 });
    return undefined;
  }

  let weight = enter(document) ?? 0;
  for (let top = open.at(-1); top !== undefined; top = open.at(-1)) {
    if (top.next < top.parts.length) {
      top.weight += enter(top.parts[top.next]) ?? 0;
      top.next += 1;
      continue;
    }
    weights.set(top.node, top.weight);
    open.pop();
    const above = open.at(-1);
    if (above === undefined) weight = top.weight;
    else above.weight += top.weight;
  }
  return weight > mostNodes && weight > mostTimes * written;
}
