import { cellWidth } from "./cell-width.ts";
import { inert, wrap } from "./wrap.ts";

/** Plain text as indented lines. */
export function paragraph(
  text: string,
  width: number,
  indent: number,
  paint: (line: string) => string = same,
): string[] {
  return wrap(text, width - indent).map((line) => " ".repeat(indent) + paint(line));
}

/** A label and its text: side by side, with the text's further lines under its first; below each other where it is too narrow. */
export interface Field {
  /** Plain, and so is the text. */
  readonly label: string;
  readonly text: string;
  /** Not to be broken: an image name is copied as a whole. */
  readonly whole?: boolean;
  readonly paint?: (line: string) => string;
}

const same = (line: string): string => line;

/** Draws fields in two columns; the label column is as wide as the widest label; below each other where that leaves the text too little. */
export function fields(
  list: readonly Field[],
  width: number,
  indent: number,
  paintLabel: (label: string) => string,
): string[] {
  const labels = list.map(({ label }) => inert(label));
  const widest = Math.max(0, ...labels.map(cellWidth));
  const beside = widest + 2 <= (width - indent) * 0.4;
  const column = beside ? indent + widest + 2 : indent + 2;
  return list.flatMap(({ text, whole, paint = same }, index) => {
    const label = labels[index] ?? "";
    const lines = wrap(text, width - column);
    const left = " ".repeat(indent);
    if (text === "") return [left + paintLabel(label)];
    if (whole === true && beside && column + cellWidth(text) <= width) {
      return [left + paintLabel(label) + " ".repeat(column - indent - cellWidth(label)) + paint(text)];
    }
    if (whole === true) {
      return [left + paintLabel(label), " ".repeat(indent + 2) + paint(inert(text))];
    }
    if (!beside) return [left + paintLabel(label.trimEnd()), ...lines.map((line) => " ".repeat(column) + paint(line))];
    const [first = "", ...rest] = lines;
    const pad = " ".repeat(column - indent - cellWidth(label));
    return [left + paintLabel(label) + pad + paint(first), ...rest.map((line) => " ".repeat(column) + paint(line))];
  });
}
