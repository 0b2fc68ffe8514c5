import type { Report } from "../domain/report.ts";

/** How to draw. Everything that depends on the terminal comes in here; renderers never look for themselves. */
export interface RenderOptions {
  /** Whether ANSI colours may be used. Nothing is said by colour alone. */
  readonly color: boolean;
  /** Columns of the page. Any number is survived; what is not a positive number counts as 80. */
  readonly width: number;
  /** `-v`: the ladder of every probe, with times. */
  readonly verbose: boolean;
  /** False for a console that shows ASCII only. Default: true. */
  readonly unicode?: boolean;
}

/** A report drawn in one format; the text ends with a line feed. Pure: the same report gives the same text. */
export type Renderer = (report: Report, options: RenderOptions) => string;
