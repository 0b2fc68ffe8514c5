import { machineReport } from "./machine-report.ts";
import type { Renderer } from "./renderer.ts";
import { yamlText } from "./yaml-text.ts";

/** For programs, and people who prefer it: the same document as JSON. */
export const yaml: Renderer = (report, options) => yamlText(machineReport(report, options.verbose));
