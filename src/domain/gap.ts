/** What could not be looked at, and so cannot be ruled out. */
export interface Gap {
  /** e.g. `secrets in namespace shop`. */
  readonly what: string;
  /** e.g. `not allowed to get secrets`. */
  readonly why: string;
  /** What would close it: a command or a rule. */
  readonly remedy?: string;
}
