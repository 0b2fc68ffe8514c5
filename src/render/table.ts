import CliTable from "cli-table3";
import { cellWidth } from "./cell-width.ts";
import { wrap } from "./wrap.ts";

export interface Column {
  readonly head: string;
  /** Cells that it needs at least; what is longer folds into lines. */
  readonly least: number;
}

/** One cell: plain text, and how its lines are painted. */
export interface Cell {
  readonly text: string;
  readonly paint?: (line: string) => string;
}

export interface TableStyle {
  readonly head: (text: string) => string;
  readonly rule: string;
  readonly faint: (text: string) => string;
}

const between = 2;

/**
 * Widths that fit: each column as wide as its widest cell, and where that is too much the widest gives way first, down to its least.
 * Undefined where even the least do not fit.
 */
function columnWidths(
  columns: readonly Column[],
  rows: readonly (readonly Cell[])[],
  room: number,
): number[] | undefined {
  const widths = columns.map((column, index) =>
    rows.reduce((widest, row) => Math.max(widest, cellWidth(row[index]?.text ?? "")), cellWidth(column.head)),
  );
  const least = columns.map((column, index) => Math.min(column.least, widths[index] ?? 0));
  const free = room - between * (columns.length - 1);
  let excess = widths.reduce((sum, width) => sum + width, 0) - free;
  while (excess > 0) {
    let widest = -1;
    widths.forEach((width, index) => {
      if (width > (least[index] ?? 0) && width > (widths[widest] ?? 0)) widest = index;
    });
    if (widest < 0) return undefined;
    widths[widest] = (widths[widest] ?? 0) - 1;
    excess -= 1;
  }
  return widths;
}

const bare = {
  top: "",
  "top-mid": "",
  "top-left": "",
  "top-right": "",
  bottom: "",
  "bottom-mid": "",
  "bottom-left": "",
  "bottom-right": "",
  left: "",
  "left-mid": "",
  mid: "",
  "mid-mid": "",
  right: "",
  "right-mid": "",
  middle: " ".repeat(between),
};

/**
 * A table without borders, a thin rule under its head; undefined where it cannot fit into `width` cells, so that the caller lists instead.
 * Cells fold by our own `wrap`, which keeps hostile text from starting a line with a CI system's orders.
 */
export function drawTable(
  columns: readonly Column[],
  rows: readonly (readonly Cell[])[],
  width: number,
  style: TableStyle,
): string[] | undefined {
  const widths = columnWidths(columns, rows, width);
  if (widths === undefined) return undefined;
  const table = new CliTable({
    chars: bare,
    style: { "padding-left": 0, "padding-right": 0, head: [], border: [], compact: true },
  });
  table.push(columns.map((column) => style.head(column.head)));
  table.push(widths.map((cells) => style.faint(style.rule.repeat(cells))));
  for (const row of rows) {
    table.push(
      row.map(({ text, paint = (line: string) => line }, index) =>
        wrap(text, widths[index] ?? 1)
          .map(paint)
          .join("\n"),
      ),
    );
  }
  return table
    .toString()
    .split("\n")
    .map((line) => line.trimEnd());
}
