import type { Report } from "../domain/report.ts";
import type { Renderer, RenderOptions } from "./renderer.ts";

export type { RenderOptions } from "./renderer.ts";

/**
 * The output formats, each loaded when it is wanted. To add one: a file with a `Renderer`, and a line here;
 * the type `Format`, `--output` and the help follow.
 */
export const renderers = {
  text: async () => (await import("./text.ts")).text,
  wide: async () => (await import("./wide.ts")).wide,
  json: async () => (await import("./json.ts")).json,
  yaml: async () => (await import("./yaml.ts")).yaml,
  markdown: async () => (await import("./markdown.ts")).markdown,
  junit: async () => (await import("./junit.ts")).junit,
  sarif: async () => (await import("./sarif.ts")).sarif,
} satisfies Record<string, () => Promise<Renderer>>;

/** The values of `--output`. */
export type Format = keyof typeof renderers;

/**
 * Draws a report. The text ends with a line feed; nothing is thrown for any text in the report.
 */
export async function render(format: Format, report: Report, options: RenderOptions): Promise<string> {
  const renderer = await renderers[format]();
  return renderer(report, options);
}
