import type { Gap } from "../domain/gap.ts";
import type { Read } from "../domain/read.ts";

/**
 * What a read that gave nothing leaves open; undefined where it leaves nothing open (found, or known not to be there).
 * `what` is e.g. `secrets in namespace shop`.
 */
export function gapOf(what: string, read: Read<unknown>): Gap | undefined {
  switch (read.kind) {
    case "found":
    case "absent":
      return undefined;
    case "forbidden": {
      const where = read.namespace === undefined ? "in the whole cluster" : `in namespace ${read.namespace}`;
      return {
        what,
        why: `not allowed to ${read.verb} ${read.resource} ${where}`,
        remedy: `Ask for a role with the verb ${read.verb} on ${read.resource} ${where}, or run this as somebody who has it.`,
      };
    }
    case "failed":
      return { what, why: read.why, remedy: "Run it again; --request-timeout allows more time." };
    case "unasked":
      return { what, why: read.why };
  }
}

/** Each gap once; of many objects that are refused for the same reason one gap is enough. */
export function uniqueGaps(gaps: readonly (Gap | undefined)[]): readonly Gap[] {
  const seen = new Map<string, Gap>();
  for (const gap of gaps) if (gap !== undefined) seen.set(`${gap.what}\n${gap.why}`, gap);
  return [...seen.values()];
}
