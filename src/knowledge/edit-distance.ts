/**
 * How many letters must be added, left out, changed or swapped with their neighbour to make one text of the other (optimal string
 * alignment); undefined where that is more than `most`. Only a band of `most` letters around the diagonal is computed.
 */
export function editDistance(a: string, b: string, most: number): number | undefined {
  if (Math.abs(a.length - b.length) > most) return undefined;
  const far = most + 1;
  let beforeLast: number[] = [];
  let last = Array.from({ length: b.length + 1 }, (_, at) => at);
  for (let i = 1; i <= a.length; i += 1) {
    const row = new Array<number>(b.length + 1).fill(far);
    if (i <= most) row[0] = i;
    let nearest = row[0] ?? far;
    for (let j = Math.max(1, i - most); j <= Math.min(b.length, i + most); j += 1) {
      const change = (last[j - 1] ?? far) + (a[i - 1] === b[j - 1] ? 0 : 1);
      let cost = Math.min(change, (last[j] ?? far) + 1, (row[j - 1] ?? far) + 1);
      const swapped = i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1];
      if (swapped) cost = Math.min(cost, (beforeLast[j - 2] ?? far) + 1);
      row[j] = cost;
      nearest = Math.min(nearest, cost);
    }
    if (nearest > most) return undefined;
    beforeLast = last;
    last = row;
  }
  const distance = last[b.length] ?? far;
  return distance > most ? undefined : distance;
}
