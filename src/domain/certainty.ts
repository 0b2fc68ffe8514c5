/**
 * How sure a statement is. Three words, defined here and nowhere else:
 * - `certain`: seen at its source (the probe or the API server shows it, or the kubelet itself is the source);
 * - `likely`: the runtime's message says so, or what was seen points to it;
 * - `possible`: it would fit.
 */
export type Certainty = "certain" | "likely" | "possible";

const order: Readonly<Record<Certainty, number>> = { certain: 0, likely: 1, possible: 2 };

/** Sorts `certain` before `likely` before `possible`. */
export function compareCertainty(a: Certainty, b: Certainty): number {
  return order[a] - order[b];
}

/** The weaker of the two. */
export function weakest(a: Certainty, b: Certainty): Certainty {
  return compareCertainty(a, b) >= 0 ? a : b;
}
