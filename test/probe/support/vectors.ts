import { readFileSync } from "node:fs";

/** One case of test/vectors/challenges.json; what it holds depends on its kind. */
export type Vector = Readonly<Record<string, unknown>> & {
  readonly id: string;
  readonly kind: string;
  readonly name: string;
};

const file: unknown = JSON.parse(readFileSync(new URL("../../vectors/challenges.json", import.meta.url), "utf8"));

/** The cases of one kind, typed by the test that knows the kind. */
export function vectors<T>(kind: string): readonly (T & { readonly id: string; readonly name: string })[] {
  const { cases } = file as { cases: readonly Vector[] };
  const mine = cases.filter((each) => each.kind === kind);
  if (mine.length === 0) throw new Error(`there are no vectors of the kind ${kind}`);
  return mine as unknown as readonly (T & { readonly id: string; readonly name: string })[];
}
