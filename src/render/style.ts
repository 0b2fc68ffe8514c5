import { type PlainOptions, plainText } from "./plain-text.ts";
import type { RenderOptions } from "./renderer.ts";

/** Our own signs, with an ASCII set for consoles that show no more. */
interface Glyphs {
  readonly failing: string;
  readonly unsure: string;
  readonly fine: string;
  readonly rule: string;
  readonly dash: string;
  readonly skipped: string;
}

const unicodeGlyphs: Glyphs = { failing: "✗", unsure: "?", fine: "✓", rule: "─", dash: "–", skipped: "·" };
const asciiGlyphs: Glyphs = { failing: "x", unsure: "?", fine: "+", rule: "-", dash: "-", skipped: "." };

type Paint = (text: string) => string;

/** How a page looks: colours that are the identity where there are none, glyphs, and text that keeps to the console's characters. */
export interface Style {
  readonly glyphs: Glyphs;
  readonly strong: Paint;
  readonly faint: Paint;
  readonly bad: Paint;
  readonly good: Paint;
  readonly warn: Paint;
  readonly command: Paint;
  readonly plain: (text: string, options?: PlainOptions) => string;
}

/** Style for the given options. The palette is small: bold, faint, and the terminal's own red, green, yellow and cyan. */
export function styleFor(options: RenderOptions): Style {
  const paint =
    (open: number, close: number): Paint =>
    (text) =>
      options.color && text !== "" ? `\u001b[${open}m${text}\u001b[${close}m` : text;
  const ascii = options.unicode === false;
  return {
    glyphs: ascii ? asciiGlyphs : unicodeGlyphs,
    strong: paint(1, 22),
    faint: paint(2, 22),
    bad: paint(31, 39),
    good: paint(32, 39),
    warn: paint(33, 39),
    command: paint(36, 39),
    plain: (text, plain) => plainText(text, { ascii, ...plain }),
  };
}

/** Columns to draw in: what is not a number of at least one counts as 80; at least 20, and no more than `most`. */
export function pageWidth(width: number, most: number): number {
  if (Number.isNaN(width) || width < 1) return Math.min(80, most);
  return Math.floor(Math.min(Math.max(width, 20), most));
}
