import { editDistance } from "../knowledge/edit-distance.ts";

/** Names that were perhaps meant: those that begin alike, then those a few letters away, the nearest first. At most three. */
export function nearestNames(wanted: string, names: readonly string[]): readonly string[] {
  const beginning = names.filter(
    (name) => name.startsWith(`${wanted}-`) || (name.length > 3 && wanted.startsWith(`${name}-`)),
  );
  const allowed = Math.max(1, Math.floor(wanted.length / 4));
  const close = names
    .map((name) => ({ name, distance: editDistance(wanted, name, allowed) ?? allowed + 1 }))
    .filter(({ distance }) => distance <= allowed)
    .sort((a, b) => a.distance - b.distance)
    .map(({ name }) => name);
  return [...new Set([...beginning, ...close])].slice(0, 3);
}
