/** A change of one file: the text that goes, which stands in it exactly once, and what comes in its place. */
export interface Edit {
  /** Relative to the project. */
  readonly file: string;
  readonly replace: string;
  readonly by: string;
}

/** Takes away the code that keeps a row, and names the test that must then fail. */
export interface Proof extends Edit {
  /** The row of the fault matrix, such as `N1`. */
  readonly row: string;
  /** Further changes, where more than one place keeps the row. */
  readonly also?: readonly Edit[];
  /** The test's file, relative to the project. It must be among those that keep the row. */
  readonly test: string;
  /** A part of the test's title as its file has it; `%s` and `${…}` stand for anything. */
  readonly title: string;
  /** A part of what is thrown, where the test fails by an error of the program itself instead of an assertion or a time-out. */
  readonly thrown?: string;
}

/** A row that no small change can prove. */
export interface Unproven {
  readonly row: string;
  readonly unproven: string;
}

export type RowProof = Proof | Unproven;

/** @returns each change of a proof, its own first. */
export function editsOf(proof: Proof): readonly Edit[] {
  return [proof, ...(proof.also ?? [])];
}

/** @returns a pattern for the title of the running test: what is filled in later may be anything. */
export function titlePattern(title: string): string {
  return title
    .split(/%[.\d]*[a-zA-Z]|\$\{[^}]*\}|\$[a-zA-Z.]+/)
    .map((part) => part.replaceAll(/[\\^$.*+?()[\]{}|/]/g, "\\$&"))
    .join(".*");
}
