import type { ContainerRef, Diagnosis } from "../domain/diagnosis.ts";
import { fields } from "./page.ts";
import { plainName } from "./plain-text.ts";
import type { Renderer } from "./renderer.ts";
import { type Style, styleFor } from "./style.ts";
import { type Cell, drawTable } from "./table.ts";
import { headline, partialNote, subjectOf, unprobedNote } from "./words.ts";

const heads = ["NAMESPACE", "POD", "CONTAINER", "CAUSE", "CERTAINTY", "NODE", "IMAGE"] as const;

interface Row {
  readonly cells: readonly string[];
  readonly diagnosis: Diagnosis;
}

function rowOf(diagnosis: Diagnosis, reference: ContainerRef): Row {
  const orDash = (name: string | undefined): string => (name === undefined ? "-" : plainName(name, 253));
  return {
    diagnosis,
    cells: [
      orDash(reference.namespace),
      orDash(reference.pod ?? reference.owner ?? reference.file),
      orDash(reference.container),
      plainName(diagnosis.code, 80),
      diagnosis.certainty,
      orDash(reference.node),
      plainName(diagnosis.image),
    ],
  };
}

function asTable(rows: readonly Row[], width: number, style: Style): string[] | undefined {
  const cells = rows.map(({ cells, diagnosis }) =>
    cells.map((text, index): Cell => {
      const paint = diagnosis.certainty === "possible" ? style.warn : style.bad;
      return index === heads.indexOf("CAUSE") ? { text, paint } : { text };
    }),
  );
  const columns = heads.map((head) => ({ head, least: Math.min(10, head.length) }));
  return drawTable(columns, cells, width, { head: style.strong, faint: style.faint, rule: style.glyphs.rule });
}

/** Where a table has no room: each container as a short record. */
function asRecords(rows: readonly Row[], width: number, style: Style): string[] {
  return rows.flatMap(({ cells }, index) => [
    ...(index === 0 ? [] : [""]),
    ...fields(
      cells.map((text, column) => ({ label: heads[column] ?? "", text })),
      width,
      0,
      style.faint,
    ),
  ]);
}

/**
 * One row for each failing container, for many pods at once: the same columns always, so that scripts can rely on them.
 * Folds into the width; with a width without end every container is one line. Evidence and remedies are in the other formats.
 */
export const wide: Renderer = (report, options) => {
  const style = styleFor(options);
  const width = Number.isNaN(options.width) || options.width < 1 ? 80 : Math.max(20, options.width);
  const rows = report.diagnoses.flatMap((diagnosis) =>
    diagnosis.containers.map((reference) => rowOf(diagnosis, reference)),
  );
  const lines =
    rows.length === 0
      ? [`${headline(report)}: ${subjectOf(report)}`]
      : (asTable(rows, width, style) ?? asRecords(rows, width, style));
  const notes = [
    ...(report.interrupted === true ? [partialNote] : []),
    ...(report.diagnoses.length > 0 && !report.probed ? [unprobedNote] : []),
    ...(report.gaps.length === 0
      ? []
      : [
          `${report.gaps.length} ${report.gaps.length === 1 ? "thing" : "things"} could not be seen; -o text says which.`,
        ]),
  ];
  return `${[...lines, ...(notes.length === 0 ? [] : ["", ...notes.map(style.faint)])].join("\n")}\n`;
};
