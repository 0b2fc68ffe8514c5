import type { ContainerRef, Diagnosis } from "../domain/diagnosis.ts";
import { paragraph } from "./page.ts";
import { plainName } from "./plain-text.ts";
import type { Renderer } from "./renderer.ts";
import { type Style, styleFor } from "./style.ts";
import { type Column, drawTable, type TableStyle } from "./table.ts";
import { count } from "./where.ts";
import { partialNote, summary, unprobedNote } from "./words.ts";
import { inert } from "./wrap.ts";

/** Names that are short are not folded; pods and images may be, down to what is still read at a glance. */
const place: readonly Column[] = [
  { head: "NAMESPACE", least: 63 },
  { head: "POD", least: 20 },
  { head: "CONTAINER", least: 20 },
  { head: "NODE", least: 16 },
];
const verdict: readonly Column[] = [
  { head: "CAUSE", least: 80 },
  { head: "CERTAINTY", least: 9 },
  { head: "IMAGE", least: 24 },
];

function placeOf(reference: ContainerRef): string[] {
  const { namespace, pod, owner, file, container, node } = reference;
  return [namespace, pod ?? owner ?? file, container, node].map((name) =>
    name === undefined ? "-" : plainName(name, 253),
  );
}

function verdictOf({ code, certainty, image }: Diagnosis): string[] {
  return [plainName(code, 80), certainty, plainName(image)];
}

function tableStyle(style: Style): TableStyle {
  return { head: style.strong, faint: style.faint, rule: style.glyphs.rule };
}

function painter(diagnosis: Diagnosis, style: Style): (text: string) => string {
  return diagnosis.certainty === "possible" ? style.warn : style.bad;
}

/** One row for each container with all columns. */
function flat(diagnoses: readonly Diagnosis[], width: number, style: Style): string[] | undefined {
  const rows = diagnoses.flatMap((diagnosis) =>
    diagnosis.containers.map((reference) => [
      ...placeOf(reference).map((text) => ({ text })),
      ...verdictOf(diagnosis).map((text, index) =>
        index === 0 ? { text, paint: painter(diagnosis, style) } : { text },
      ),
    ]),
  );
  return drawTable([...place, ...verdict], rows, width, tableStyle(style));
}

/** Where that has no room: the verdict once, as a heading, and the containers below it. */
function grouped(diagnoses: readonly Diagnosis[], width: number, style: Style): string[] {
  return diagnoses.flatMap((diagnosis, index) => {
    const [code = "", certainty = "", image = ""] = verdictOf(diagnosis);
    const rows = diagnosis.containers.map(placeOf);
    const table = drawTable(
      place,
      rows.map((row) => row.map((text) => ({ text }))),
      width - 2,
      tableStyle(style),
    );
    return [
      ...(index === 0 ? [] : [""]),
      ...paragraph(`${code} (${certainty}), ${count(rows.length, "container")}`, width, 0, painter(diagnosis, style)),
      `  ${style.strong(inert(image))}`,
      ...(table?.map((line) => `  ${line}`) ??
        rows.flatMap(([namespace = "", pod = "", container = "", node = ""]) =>
          paragraph(`${namespace}/${pod} ${container} ${node}`, width, 2),
        )),
    ];
  });
}

function shorter(rows: string[] | undefined, groups: string[]): string[] {
  return rows === undefined || rows.length > groups.length ? groups : rows;
}

/**
 * A row for each failing container, for many pods at once. With room enough (a pipe has no end) every container is one line with
 * the same columns, for scripts; on a narrower page the verdict is said once for its containers, where that takes fewer lines
 * than folded columns. The rest is in the other formats.
 */
export const wide: Renderer = (report, options) => {
  const style = styleFor(options);
  const width = Number.isNaN(options.width) || options.width < 1 ? 80 : Math.max(20, options.width);
  const { diagnoses } = report;
  const lines =
    diagnoses.length === 0
      ? paragraph(summary(report, style.plain), width, 0)
      : shorter(flat(diagnoses, width, style), grouped(diagnoses, width, style));
  const notes = [
    ...(report.interrupted === true ? [partialNote] : []),
    ...(diagnoses.length > 0 && !report.probed ? [unprobedNote] : []),
    ...(report.gaps.length === 0
      ? []
      : [`${count(report.gaps.length, "thing")} could not be seen; -o text says which.`]),
  ].flatMap((note) => paragraph(note, width, 0, style.faint));
  return `${[...lines, ...(notes.length === 0 ? [] : ["", ...notes])].join("\n")}\n`;
};
