import { editDistance } from "../knowledge/edit-distance.ts";

/** The candidate that a mistyped word most likely meant, the first of several as near, or undefined where none is. */
export function nearest(word: string, candidates: readonly string[]): string | undefined {
  let best: string | undefined;
  let most = Math.max(1, Math.floor(word.length / 3));
  for (const candidate of candidates) {
    const distance = editDistance(word, candidate, most);
    if (distance === undefined) continue;
    best = candidate;
    most = distance - 1;
  }
  return best;
}
