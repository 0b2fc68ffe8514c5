import { jsonText } from "./json-text.ts";
import { machineReport } from "./machine-report.ts";
import type { Renderer } from "./renderer.ts";

/** For programs: one document, the contract of `report.schema.json`. */
export const json: Renderer = (report, options) => jsonText(machineReport(report, options.verbose));
