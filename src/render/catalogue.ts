import type { Explanation, ExplanationEntry } from "../domain/explanation.ts";
import { jsonText } from "./json-text.ts";
import { fields, paragraph } from "./page.ts";
import type { RenderOptions } from "./renderer.ts";
import { pageWidth, type Style, styleFor } from "./style.ts";
import { textRemedies } from "./text-remedies.ts";

/** How `explain` is drawn; `json` and `yaml` need none of it. */
type CatalogueOptions = Pick<RenderOptions, "width"> & Partial<RenderOptions>;

const widest = 100;

async function machine(format: string, value: unknown): Promise<string | undefined> {
  if (format === "json") return jsonText(value);
  return format === "yaml" ? (await import("./yaml-text.ts")).yamlText(value) : undefined;
}

function styleOf(options: CatalogueOptions): Style {
  return styleFor({ color: false, verbose: false, ...options });
}

function pairs(title: string, record: Readonly<Record<string, string>>, width: number, style: Style): string[] {
  const list = Object.entries(record).map(([label, text]) => ({ label: style.plain(label), text: style.plain(text) }));
  return list.length === 0 ? [] : ["", style.strong(title), ...fields(list, width, 2, style.faint)];
}

function explanationText(explanation: Explanation, options: CatalogueOptions): string {
  const style = styleOf(options);
  const width = pageWidth(options.width, widest);
  const { code, family, title, covers, remedies } = explanation;
  const told = textRemedies(remedies, width, style);
  const lines = [
    ...paragraph(style.plain(title), width, 0, style.strong),
    "",
    ...fields(
      [
        { label: "Code", text: style.plain(code) },
        { label: "Family", text: style.plain(family) },
        {
          label: "Waiting",
          text: explanation.retryable ? "may help: the next try may succeed by itself" : "will not mend it",
        },
        ...(covers.length === 0
          ? []
          : [{ label: "Stands for", text: style.plain(covers.join(", "), { limit: 1000 }) }]),
      ],
      width,
      2,
      style.faint,
    ),
    "",
    ...paragraph(style.plain(explanation.explanation, { limit: 2000 }), width, 2),
    ...pairs("How it looks", explanation.looks, width, style),
    ...pairs("How it is told from others", explanation.toldFrom, width, style),
    ...(told.length === 0 ? [] : ["", style.strong("What to do"), ...told]),
  ];
  return `${lines.join("\n")}\n`;
}

/**
 * `explain CODE`: what a cause means, how runtimes word it, how it is told from its neighbours, what mends it.
 * Formats: `text`, `json`, `yaml`.
 */
export async function renderExplanation(
  explanation: Explanation,
  format: string,
  options: CatalogueOptions,
): Promise<string> {
  return (await machine(format, explanation)) ?? explanationText(explanation, options);
}

function catalogueText(entries: readonly ExplanationEntry[], options: CatalogueOptions): string {
  const style = styleOf(options);
  const width = pageWidth(options.width, widest);
  const families = [...new Set(entries.map(({ family }) => family))];
  // One label column for the whole list, so that the titles line up from family to family.
  const longest = Math.max(0, ...entries.map(({ code }) => code.length));
  const lines = families.flatMap((family, index) => [
    ...(index === 0 ? [] : [""]),
    style.strong(style.plain(family)),
    ...fields(
      entries
        .filter((entry) => entry.family === family)
        .map(({ code, title }) => ({ label: style.plain(code).padEnd(longest), text: style.plain(title) })),
      width,
      2,
      (label) => label,
    ),
  ]);
  return `${lines.join("\n")}\n`;
}

/** `explain` without a code: every cause, by family, in the order given. Formats: `text`, `json`, `yaml`. */
export async function renderCatalogue(
  entries: readonly ExplanationEntry[],
  format: string,
  options: CatalogueOptions,
): Promise<string> {
  const short = entries.map(({ code, family, title }) => ({ code, family, title }));
  return (await machine(format, short)) ?? catalogueText(entries, options);
}
